// BackupAPI
