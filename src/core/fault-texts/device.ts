import { text, type FaultText } from './fault-text.ts'

/** Cryptographic devices that hold keys (密码设备). */
export const deviceFaults = {
  'device-not-configured': text(
    '未配置密码设备',
    'No cryptographic device is configured',
    '请设置 COMITY_PKCS11_MODULE、COMITY_PKCS11_TOKEN 和 COMITY_PKCS11_PIN_FILE',
    'Set COMITY_PKCS11_MODULE, COMITY_PKCS11_TOKEN and COMITY_PKCS11_PIN_FILE',
  ),
  'device-support-missing': text(
    '未安装密码设备支持',
    'The support for cryptographic devices is not installed',
    '请在有 C++ 编译器的机器上运行 npm install pkcs11js',
    'Run npm install pkcs11js on a machine with a C++ compiler',
  ),
  'device-module-unusable': text(
    '无法加载密码设备的 PKCS #11 库',
    "The device's PKCS #11 library cannot be loaded",
    '请核对 COMITY_PKCS11_MODULE 所指的文件及其权限',
    'Check the file that COMITY_PKCS11_MODULE names, and its permissions',
  ),
  'device-absent': text(
    '找不到该标签的密码设备',
    'There is no device with that label',
    '请接好设备，并核对 COMITY_PKCS11_TOKEN',
    'Attach the device, and check COMITY_PKCS11_TOKEN',
  ),
  'device-pin-refused': text(
    '密码设备未接受 PIN',
    'The device has not accepted the PIN',
    '请核对 COMITY_PKCS11_PIN_FILE，由设备管理员解锁后重新启动节点；程序不会再次尝试，以免设备锁死',
    'Check COMITY_PKCS11_PIN_FILE, have the device unlocked, and start the node again; it is not tried again, lest the device lock itself',
  ),
  'device-failed': text(
    '密码设备未能完成操作',
    'The device could not do what was asked',
    '请检查设备是否连接和可用，然后重试；未签署任何内容',
    'Check that the device is attached and works, then try again; nothing was signed',
  ),
  'device-key-missing': text(
    '密码设备中没有该密钥',
    'The key is not in the device',
    '请接入制作该密钥的设备，或从设备的备份恢复',
    "Attach the device that the key was made in, or restore the device's backup",
  ),
  'device-key-exposed': text(
    '密码设备制作的密钥可被读出，未予采用',
    'The device has made a key that could be read out; it is not used',
    '请核对设备的安全策略',
    "Check the device's policy",
  ),
  'device-signature-wrong': text(
    '密码设备给出的签名不正确，未予采用',
    'The device has given a wrong signature; it is not used',
    '请停用该设备并联系其供应商',
    'Take the device out of use and ask its maker',
  ),
} as const satisfies Record<string, FaultText>
