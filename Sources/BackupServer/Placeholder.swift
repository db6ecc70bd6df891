// BackupServer
