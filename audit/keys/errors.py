"""What can go wrong with a key. No message holds a secret, and none quotes what a provider was sent.

KeysError
├── KeySettingInvalid     a setting of the keys cannot be used
├── KeyFileError          a file that holds a key
│   ├── KeyFileMissing    it is not there
│   ├── KeyFileExists     it is there already, and is never overwritten
│   ├── KeyFileUnsafe     others can read it, it is a link, or another account owns it
│   ├── KeyFileInvalid    its content is not what it should be
│   └── KeyFileUnwritable the disk refuses
├── UnknownKek            no key-encryption key of this id is held here
├── UnwrapFailed          changed, of another context, or under another key
├── ProviderError         the Vault or KMS
│   ├── ProviderUnavailable   it does not answer, or is sealed: may be tried again
│   └── ProviderRefused       it refused: token, credentials, policy, or a key that is switched off
├── DataKeySpent          a data key may not be used again: take a new one
├── PassphraseInvalid     too short, or not the one
├── OfficerBoxInvalid     a box does not open with this key, for this owner
└── EscrowError           the shares of the keyring
    ├── SharingInvalid    no such k of n
    ├── ShareInvalid      a share was mistyped or cut off
    ├── SharesMixed       the shares are of different sets
    ├── SharesTooFew      fewer than are needed, or one twice
    └── DrillFailed       the recovered keys do not open what they should
"""


class KeysError(Exception):
    """Something is wrong with a key."""


class KeySettingInvalid(KeysError):
    """A setting of the keys cannot be used."""


class KeyFileError(KeysError):
    """A file that holds a key cannot be used."""


class KeyFileMissing(KeyFileError):
    """The file is not there."""


class KeyFileExists(KeyFileError):
    """The file is there already; keys are never overwritten."""


class KeyFileUnsafe(KeyFileError):
    """The file is a link, belongs to another account, or others can read it."""


class KeyFileInvalid(KeyFileError):
    """The file's content is not what it should be."""


class KeyFileUnwritable(KeyFileError):
    """The file cannot be written or read."""


class UnknownKek(KeysError):
    """No key-encryption key of this id is held here."""


class UnwrapFailed(KeysError):
    """The wrapped key was changed, belongs to another context, or is under another key."""


class ProviderError(KeysError):
    """The keeper of the key-encryption key did not do as asked."""


class ProviderUnavailable(ProviderError):
    """It does not answer, or not now; may be tried again."""


class ProviderRefused(ProviderError):
    """It refused: the token, the credentials, the policy, or the state of the key."""


class DataKeySpent(KeysError):
    """The data key may not be used again; take a new one."""


class PassphraseInvalid(KeysError):
    """The passphrase is too short, or it does not open the key."""


class OfficerBoxInvalid(KeysError):
    """The box was changed, was made for another owner, or for another officer's key."""


class EscrowError(KeysError):
    """The shares cannot be made or used."""


class SharingInvalid(EscrowError):
    """There is no such k of n."""


class ShareInvalid(EscrowError):
    """A share was mistyped, cut off, or is none."""


class SharesMixed(EscrowError):
    """The shares are of different sets."""


class SharesTooFew(EscrowError):
    """Fewer shares than are needed, or the same one twice."""


class DrillFailed(EscrowError):
    """The recovered keys do not open the wrapped key that they should."""
