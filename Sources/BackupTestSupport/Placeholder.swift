internal import BackupCore
