/// The interface in Russian.
struct Russian: Phrases {
    // MARK: Frame

    var skipToContent: String { "К содержанию" }
    var mainNavigation: String { "Главное меню" }
    var menu: String { "Меню" }
    var display: String { "Вид" }
    var colours: String { "Цвета" }
    var themeSystem: String { "Как в системе" }
    var themeLight: String { "Светлые" }
    var themeDark: String { "Тёмные" }
    var language: String { "Язык" }
    var apply: String { "Применить" }
    var signOut: String { "Выйти" }
    var streamLost: String { "Живая связь прервана. Подключаемся…" }
    var streamBack: String { "Снова на связи" }
    var notUpdatedSince: String { "Не обновлялось с {}" }
    var requestFailed: String { "Не получилось" }
    var serverUnreachable: String { "Сервер недоступен" }
    var needsScript: String { "Чтобы что-то изменить, нужен JavaScript." }
    var copied: String { "Скопировано" }
    var copy: String { "Копировать" }
    var cancel: String { "Отмена" }
    var delete: String { "Удалить" }
    var save: String { "Сохранить" }
    var saved: String { "Сохранено" }
    var create: String { "Создать" }
    var test: String { "Проверить" }
    var typeName: String { "Чтобы продолжить, введите" }
    var choose: String { "Выберите…" }
    var chosenAbove: String { "выбранной выше базы" }
    var all: String { "Все" }
    var listIsCut: String { "В списке не все: остальные есть в API." }
    var on: String { "включено" }
    var off: String { "выключено" }
    var turnOn: String { "Включить" }
    var turnOff: String { "Выключить" }
    var actions: String { "Действия" }
    var about: String { "Сведения" }
    var unknown: String { "неизвестно" }

    // MARK: Sections

    var overview: String { "Обзор" }
    var agents: String { "Агенты" }
    var discovered: String { "Найденные базы" }
    var jobs: String { "Задания" }
    var runs: String { "Запуски" }
    var restores: String { "Восстановления" }
    var storage: String { "Хранилища" }
    var healthChecks: String { "Проверки" }
    var statusPage: String { "Страница статуса" }
    var notifications: String { "Оповещения" }
    var audit: String { "Журнал действий" }
    var settings: String { "Настройки" }

    // MARK: Lists

    var search: String { "Поиск" }
    var filter: String { "Показать" }
    var clearFilter: String { "Сбросить" }
    var anything: String { "Любой" }
    var from: String { "С" }
    var to: String { "По" }
    var nothingMatches: String { "Ничего не нашлось" }
    var widenFilter: String { "Смягчите условия или сбросьте их." }
    var firstPage: String { "В начало" }
    var nextPage: String { "Дальше" }
    var pages: String { "Страницы" }
    var name: String { "Название" }
    var kind: String { "Вид" }
    var place: String { "Куда" }
    var address: String { "Адрес" }
    var statusTitle: String { "Состояние" }
    var database: String { "База данных" }
    var databases: String { "Базы данных" }
    var agent: String { "Агент" }
    var engine: String { "СУБД" }
    var job: String { "Задание" }
    var started: String { "Начало" }
    var finished: String { "Конец" }
    var duration: String { "Время" }
    var size: String { "Размер" }
    var result: String { "Итог" }
    var version: String { "Версия" }
    var created: String { "Создан" }
    var when: String { "Когда" }
    var who: String { "Кто" }
    var what: String { "Что" }
    var object: String { "Над чем" }

    // MARK: Time and counts

    var justNow: String { "только что" }
    var second: String { "с" }
    var today: String { "сегодня" }
    var never: String { "никогда" }

    // MARK: Overview

    var allIsWell: String { "Всё в порядке: у каждой базы есть свежая проверенная копия." }
    var nothingKnown: String { "Пока не известно ни одной базы: их ищет агент." }
    var lookAtThis: String { "Кое-что требует внимания." }
    var protectedDatabases: String { "Защищено баз" }
    var everyDatabase: String { "все найденные базы" }
    var lateBackups: String { "Опаздывают" }
    var nothingLate: String { "никто не опаздывает" }
    var seeAbove: String { "см. выше" }
    var lastDay: String { "За 24 часа" }
    var noneFailed: String { "без ошибок" }
    var connectedNow: String { "на связи" }
    var stored: String { "Хранится" }
    var runningNow: String { "Сейчас выполняется" }
    var nothingRuns: String { "Сейчас ничего не выполняется." }
    var needsAttention: String { "Требует внимания" }
    var late: String { "опаздывает" }
    var away: String { "нет связи" }
    var wasExpected: String { "ожидалась" }
    var lastProven: String { "последняя проверенная копия" }
    var recentRuns: String { "Последние запуски" }
    var comingUp: String { "Скоро" }
    var calendarOfRuns: String { "Год запусков" }
    var allProven: String { "все проверены" }
    var someFailed: String { "были ошибки" }
    var noneProven: String { "ни одной копии" }
    var noRuns: String { "без запусков" }

    // MARK: First run

    var welcome: String { "Добро пожаловать" }
    var welcomeLead: String { "Пять минут — и первая копия, из которой можно восстановиться, готова." }
    var stepOwner: String { "Создать владельца" }
    var stepOwnerDone: String { "Это вы." }
    var stepAgent: String { "Добавить первого агента" }
    var stepAgentText: String { "Агент работает рядом с базами и сам подключается наружу. Открывать порты не нужно." }
    var stepConnect: String { "Дождаться подключения" }
    var stepConnectText: String { "Страница сама изменится, как только агент появится." }
    var stepProtect: String { "Защитить базу" }
    var stepProtectText: String {
        """
        Агент осмотрелся. Один щелчок — и копии будут делаться каждую ночь, а первая начнётся сразу.
        """
    }
    var stepBackup: String { "Посмотреть на первую копию" }
    var stepBackupText: String { "Она считается, только когда прочитана обратно и проверена." }
    var stepRestore: String { "Узнать, как восстановиться" }
    var stepRestoreText: String { "Проверенная копия есть. Вот как вернуть всё назад — в том числе на другой машине." }
    var keyLost: String { "Ключ потерян? Удалите агента и добавьте снова." }
    var howToRestore: String { "Нажмите «Восстановить» на странице копии или выполните где угодно:" }
    var toBackup: String { "Открыть копию" }
    var protectMore: String { "Защитить другие базы" }

    // MARK: Agents

    var agentsLead: String { "Рядом с вашими базами. Подключаются только наружу." }
    var addAgent: String { "Добавить агента" }
    var agentName: String { "Название сервера" }
    var agentNameHint: String { "Как вы зовёте машину, например web-1." }
    var createAgent: String { "Создать ключ" }
    var pasteSnippet: String { "Вставьте в docker-compose.yml рядом с базами:" }
    var keyOnce: String { "Ключ показывается только сейчас." }
    var thenStart: String { "Затем запустите:" }
    var waitingForAgent: String { "Ждём, когда агент подключится…" }
    var noAgents: String { "Агентов пока нет" }
    var noAgentsNext: String { "Добавьте первого: вы получите несколько строк для docker-compose.yml." }
    var connected: String { "на связи" }
    var lastSeen: String { "Был на связи" }
    var configApplied: String { "настройки применены" }
    var configPending: String { "настройки в пути" }
    var rotateKey: String { "Новый ключ" }
    var agentAwayHint: String {
        """
        Агент не на связи. Проверьте, работает ли его контейнер и виден ли ему этот сервер. О пропущенных \
        копиях мы сообщим.
        """
    }
    var host: String { "Хост" }
    var system: String { "Система" }
    var connectedSince: String { "На связи с" }
    var parallelJobs: String { "Копий одновременно" }
    var maintenance: String { "Окно обслуживания" }
    var autoUpdate: String { "Автообновление" }
    var configuration: String { "Настройки" }
    var noTargets: String { "Здесь пока ничего не защищено" }
    var noTargetsNext: String { "Защитите одну из баз, найденных агентом, — они ниже." }
    var testConnection: String { "Проверить связь" }
    var connectionWorks: String { "Агент видит базу" }
    var deleteAgentTitle: String { "Удалить агента?" }
    var toAgents: String { "К агентам" }

    // MARK: Discovered

    var discoveredLead: String { "Что видят агенты. Защита — один щелчок." }
    var container: String { "Контейнер" }
    var network: String { "Сеть" }
    var protection: String { "Защита" }
    var protected: String { "защищена" }
    var notProtected: String { "не защищена" }
    var protect: String { "Защитить" }
    var toJob: String { "задание" }
    var noDiscovered: String { "Пока ничего не найдено" }
    var noDiscoveredNext: String {
        """
        Агенты смотрят на контейнеры своего хоста. Дайте агенту сокет Docker и запустите базу — она появится \
        через минуту.
        """
    }

    // MARK: Jobs

    var jobsLead: String { "Что, когда копируется и как прошло в последний раз." }
    var addJob: String { "Добавить задание" }
    var schedule: String { "Расписание" }
    var nextRun: String { "Следующий" }
    var lastRun: String { "Последний" }
    var paused: String { "на паузе" }
    var active: String { "активно" }
    var pause: String { "Приостановить" }
    var resume: String { "Возобновить" }
    var runNow: String { "Запустить" }
    var byHand: String { "Только вручную" }
    var cronHourly: String { "Каждый час" }
    var cronNightly: String { "Каждую ночь в 03:00 UTC" }
    var cronWeekly: String { "По воскресеньям в 03:00 UTC" }
    var keepDays: String { "Хранить, дней" }
    var noJobs: String { "Заданий пока нет" }
    var noJobsNext: String { "Защитите найденную базу — задание появится само." }
    var toDiscovered: String { "К найденным базам" }
    var toJobs: String { "К заданиям" }
    var plan: String { "План" }
    var retention: String { "Хранение" }
    var expectedBy: String { "Ждём не позже" }
    var keptForever: String { "бессрочно" }
    var nextTimes: String { "Ближайшие запуски" }
    var noNextTimes: String { "Ничего не запланировано" }
    var noNextTimesWhy: String { "Задание на паузе или запускается вручную." }
    var sizeOverTime: String { "Размер по времени" }
    var durationOverTime: String { "Длительность по времени" }
    var usualBand: String { "обычно" }
    var tooFewRuns: String { "для графика пока мало запусков" }
    var noRunsOfJobNext: String { "Запустите сейчас или дождитесь времени." }
    var deleteJobTitle: String { "Удалить задание?" }

    // MARK: Runs

    var runsLead: String { "Каждая попытка копирования. Считаются только проверенные чтением." }
    var noRunsYet: String { "Запусков пока нет" }
    var noRunsNext: String { "Как только задание запустится, оно появится здесь." }
    var progress: String { "Ход" }
    var deleted: String { "удалена" }
    var backup: String { "Копия" }
    var backupsTitle: String { "Копии" }
    var nothingStored: String { "Ничего не сохранено" }
    var nothingStoredWhy: String { "Неудачный запуск копии не оставляет." }
    var dumpSize: String { "До сжатия" }
    var proof: String { "Проверка" }
    var encryptionTitle: String { "Шифрование" }
    var objectKey: String { "Объект" }
    var triggerTitle: String { "Причина" }
    var attempt: String { "Попытка" }
    var log: String { "Журнал" }
    var noLog: String { "Журнала нет" }
    var noLogWhy: String { "Агент пока ничего не прислал." }
    var wholeLog: String { "Весь журнал" }
    var whatFailed: String { "Что случилось" }
    var whatToDo: String { "Что делать" }
    var cancelRun: String { "Остановить" }
    var runAgain: String { "Запустить снова" }
    var download: String { "Скачать" }
    var deleteRunTitle: String { "Удалить копию?" }
    var pipeline: String { "Путь данных" }
    var keepsUp: String { "успевает" }
    var notYet: String { "ещё нет" }
    var goesOn: String { "идёт" }
    var limits: String { "сдерживает скорость" }

    // MARK: Restores

    var restoreVerb: String { "Восстановить" }
    var restoreWord: String { "восстановление" }
    var restoreTitle: String { "Восстановить из копии" }
    var restoreInto: String { "Куда" }
    var otherDatabase: String { "База" }
    var otherDatabaseHint: String { "Пусто — собственная база цели." }
    var whatIsThere: String { "Что может случиться с тем, что там есть" }
    var createNew: String { "Только в новую или пустую базу" }
    var createNewConsequence: String {
        """
        Существующее не тронем. Если в базе уже есть таблицы, восстановление не начнётся.
        """
    }
    var replace: String { "Заменить то, что есть" }
    var identity: String { "Закрытый ключ на хосте агента" }
    var identityHint: String { "file:ПУТЬ или env:ИМЯ. Передаётся только место, сам ключ — никогда." }
    var restoresLead: String { "Восстановления и учения, которые их доказывают." }
    var drill: String { "учения" }
    var restored: String { "восстановлено и проверено" }
    var done: String { "готово" }
    var noRestores: String { "Восстановлений пока нет" }
    var noRestoresNext: String { "Попробуйте заранее: выберите копию и восстановите её в новую базу." }
    var chooseBackup: String { "Выбрать копию" }

    // MARK: Health

    var healthLead: String { "За чем агенты следят постоянно." }
    var addCheck: String { "Добавить проверку" }
    var uptime: String { "Доступность" }
    var latency: String { "Отклик" }
    var periodTitle: String { "Период" }
    var up: String { "работает" }
    var down: String { "не отвечает" }
    var everySeconds: String { "Каждые, секунд" }
    var checkAddressHint: String { "URL или host:port для tcp." }
    var showOnStatusPage: String { "Показывать на странице статуса" }
    var noChecks: String { "Проверок пока нет" }
    var noChecksNext: String { "Поручите агенту следить за страницей или портом — мы сообщим, если она упадёт." }

    // MARK: Status page

    var statusPageLead: String { "Что из проверок видно всем." }
    var openPage: String { "Открыть страницу" }
    var pageSettings: String { "Страница" }
    var pageTitle: String { "Заголовок" }
    var slug: String { "Адрес" }
    var slugHint: String { "Последняя часть адреса: /status/…" }
    var published: String { "Опубликована" }
    var components: String { "Компоненты" }
    var nothingPublic: String { "Нет публичных проверок" }
    var nothingPublicNext: String { "Отметьте проверку как видимую всем." }
    var incidents: String { "Происшествия" }
    var noIncidents: String { "Происшествий не было." }
    var reportIncident: String { "Сообщить о происшествии" }
    var incidentTitle: String { "Заголовок" }
    var whatHappens: String { "Что происходит" }
    var publishIncident: String { "Опубликовать" }
    var resolved: String { "решено" }
    var allUp: String { "Всё работает" }
    var someUnknown: String { "О некоторых системах ничего не известно" }
    var someDown: String { "Есть неполадки" }
    var updated: String { "Обновлено" }

    // MARK: Storage

    var storageLead: String { "Где лежат копии и сколько занимают." }
    var addStorage: String { "Добавить хранилище S3" }
    var isDefault: String { "основное" }
    var storageWorks: String { "Объект записан, прочитан и удалён: работает" }
    var noStorage: String { "Хранилищ нет" }
    var noStorageNext: String { "Добавьте бакет любого S3-сервиса." }
    var usageOverTime: String { "Объём по времени" }
    var byDatabase: String { "По базам" }
    var nothingStoredYet: String { "Пока ничего не хранится" }
    var tooFewDays: String { "График появится на второй день." }
    var endpoint: String { "Адрес сервиса" }
    var endpointHint: String { "Пусто — AWS." }
    var bucket: String { "Бакет" }
    var region: String { "Регион" }
    var prefix: String { "Префикс" }
    var accessKey: String { "Идентификатор ключа" }
    var secretKey: String { "Секретный ключ" }
    var pathStyle: String { "Адреса в стиле path" }

    // MARK: Notifications

    var notificationsLead: String { "Кому сообщать — в том числе когда не случилось того, что должно было." }
    var addChannel: String { "Добавить канал" }
    var channels: String { "Каналы" }
    var lastSent: String { "Последнее" }
    var messageSent: String { "Сообщение отправлено" }
    var noChannels: String { "Никто не узнает" }
    var noChannelsNext: String { "Добавьте канал: тишина — тоже сбой, и о ней кто-то должен узнать." }
    var whatIsTold: String { "О чём сообщать" }
    var channelSecret: String { "Секрет" }
    var channelSecretHint: String { "Им подписывается каждое сообщение. Обратно не показывается." }

    // MARK: Audit

    var auditLead: String { "Кто, что, когда и откуда сделал." }
    var exportCSV: String { "Выгрузить CSV" }
    var noAudit: String { "За это время ничего" }
    var noAuditNext: String { "Здесь записывается всё, что кто-либо меняет." }

    // MARK: Settings

    var account: String { "Ваша учётная запись" }
    var server: String { "Этот сервер" }
    var masterKey: String { "Главный ключ" }
    var masterKeyHint: String {
        """
        Храните копию файла главного ключа отдельно от бэкапов: без него копии, зашифрованные сервером, не \
        прочесть.
        """
    }
    var apiDocument: String { "API" }
    var email: String { "Почта" }
    var password: String { "Пароль" }
    var currentPassword: String { "Текущий пароль" }
    var newPassword: String { "Новый пароль" }
    var passwordHint: String { "Не меньше двенадцати знаков." }
    var secondFactor: String { "Второй фактор" }
    var secondFactorWhy: String { "Код с телефона, чтобы одного пароля было мало." }
    var secondFactorSecret: String { "Введите в приложение-аутентификатор:" }
    var secondFactorCode: String { "Код из аутентификатора" }
    var people: String { "Люди" }
    var addPerson: String { "Добавить человека" }
    var roleTitle: String { "Роль" }
    var disabled: String { "отключён" }
    var apiTokens: String { "Токены API" }
    var tokenName: String { "Название токена" }
    var createToken: String { "Создать токен" }
    var tokenOnce: String { "Токен показывается только сейчас." }
    var noTokens: String { "Токенов нет" }
    var noTokensNext: String { "Создайте токен для скриптов и командной строки." }
    var lastUsed: String { "Использован" }
    var revoke: String { "Отозвать" }

    // MARK: Entry

    var signIn: String { "Вход" }
    var setUp: String { "Настройка Backupy" }
    var setUpLead: String { "Создайте учётную запись владельца. Ссылка действует один раз." }
    var yourName: String { "Ваше имя" }
    var personName: String { "Имя" }
    var createOwner: String { "Создать владельца" }
    var notFound: String { "Здесь ничего нет" }
    var notFoundText: String { "По этому адресу ничего нет, или это удалили." }
    var toOverview: String { "К обзору" }

    // MARK: Forms and refusals

    var close: String { "Закрыть" }
    var addTarget: String { "Добавить базу" }
    var targetNameHint: String { "Как вы её называете, например shop." }
    var targetHostHint: String { "Как до неё доходит агент: имя хоста или адрес." }
    var port: String { "Порт" }
    var portHint: String { "Пусто — обычный." }
    var targetDatabaseHint: String { "Пусто — весь сервер; для SQLite — путь к файлу." }
    var username: String { "Пользователь" }
    var orByHand: String { "Или добавьте базу сами на странице агента:" }
    var setUpToken: String { "Одноразовый токен" }
    var setUpTokenHint: String { "Сервер напечатал его при первом запуске." }
    var forbidden: String { "Вам сюда нельзя" }
    var forbiddenText: String { "Ваша роль не позволяет видеть эту страницу. Это может изменить администратор." }
    var tooMany: String { "Слишком часто" }
    var tooManyText: String { "Было слишком много запросов. Подождите минуту и загрузите страницу снова." }
    var chat: String { "Чат" }
    var chatHint: String { "Его номер или @имя." }
    var botToken: String { "Токен бота" }
    var webhookAddress: String { "Адрес вебхука" }
    var mailServer: String { "Почтовый сервер" }
    var mailSecurity: String { "Защита" }
    var noTLS: String { "нет" }
    var mailFrom: String { "От кого" }
    var mailTo: String { "Кому" }
    var onePerLine: String { "По одному в строке." }
    var backupsInTime: String { "Приходят ли копии вовремя" }
    var resolve: String { "Закрыть инцидент" }
    var checkFields: String { "Что-то заполнено неверно." }
    var forbiddenAct: String { "Ваша роль этого не позволяет." }
    var unfitValue: String { "Это не подходит." }
    var signedOut: String { "Вы вышли. Войдите снова." }
    var conflict: String { "Сейчас этого сделать нельзя. Загрузите страницу снова." }
    var preconditionFailed: String { "Не хватает того, что для этого нужно." }
    var gone: String { "Этого уже нет. Загрузите страницу снова." }
    var serverBusy: String { "Сервер сейчас не может этого сделать. Попробуйте чуть позже." }
    var nameTaken: String { "Такое название уже есть." }
    var emailTaken: String { "Такая почта уже есть." }
    var jobNameTaken: String { "Задание с таким названием уже есть — возможно, оно на паузе." }
    var runGoesOn: String { "Запуск этого задания уже идёт: дождитесь его или остановите." }
    var runEnded: String { "Запуск уже закончился." }
    var storeInUse: String { "Хранилище ещё нужно копиям или заданиям." }
    var protectedMeanwhile: String { "Эта база уже добавлена. Загрузите страницу снова." }
    var oneOwnerStays: String { "Должен остаться владелец, который может войти." }
    var changedMeanwhile: String { "Это успели изменить. Загрузите страницу снова." }
    var loginRefused: String { "Неверна почта, пароль или код." }
    var setUpRefused: String { "Токен не подходит: возьмите тот, что напечатан при последнем запуске." }
    var change: String { "Изменить" }
    var keepLast: String { "Хранить последних" }
    var keepHourly: String { "По одной за час" }
    var keepDaily: String { "По одной за день" }
    var keepWeekly: String { "По одной за неделю" }
    var keepMonthly: String { "По одной за месяц" }
    var keepYearly: String { "По одной за год" }
    var keepHint: String { "Копия хранится, пока её требует хотя бы одно правило. Все 0 — бессрочно." }
    var cronHint: String { "Пять полей в UTC, как у cron, или @hourly, @daily, @weekly; пусто — только вручную." }
    func failedText(_ traceID: String) -> String {
        "Что-то пошло не так. В журнале сервера это записано под \(traceID)."
    }
    func resolveNamed(_ title: String) -> String { "Закрыть инцидент «\(title)»" }
    func deleteNamed(_ name: String) -> String { "Удалить \(name)" }
    func enableNamed(_ name: String) -> String { "Снова впустить: \(name)" }
    func disableNamed(_ name: String) -> String { "Закрыть вход: \(name)" }
    func deleteCheckConsequence(_ name: String) -> String {
        "За \(name) больше никто не следит, собранные результаты удаляются."
    }
    func deleteChannelConsequence(_ name: String) -> String {
        "В «\(name)» больше ничего не сообщается, ожидающие сообщения отбрасываются."
    }
    func deleteStorageConsequence(_ name: String) -> String {
        "Сервер забудет \(name) вместе с ключами. Сам бакет останется как есть."
    }
    func deleteTargetConsequence(_ name: String) -> String {
        "Базу \(name) больше ничто не копирует, её задания удаляются. Готовые копии остаются."
    }
    func deletePersonConsequence(_ name: String) -> String {
        "\(name): сеансы завершаются, войти больше нельзя, токены этой учётной записи перестают действовать."
    }

    // MARK: With numbers and names

    func ago(_ time: String) -> String { "\(time) назад" }
    func ahead(_ time: String) -> String { "через \(time)" }
    func left(_ time: String) -> String { "осталось \(time)" }
    func backups(_ count: Int) -> String { Plural.russian(count, "копия", "копии", "копий") }
    func unprotected(_ count: Int) -> String {
        Plural.russian(count, "база не защищена", "базы не защищены", "баз не защищены")
    }
    func failedRuns(_ count: Int) -> String { Plural.russian(count, "ошибка", "ошибки", "ошибок") }
    func addedToday(_ size: String) -> String { "\(size) за сутки" }
    func calendarSummary(days: Int, bad: Int) -> String {
        """
        Календарь за год: \(Plural.russian(days, "день", "дня", "дней")) только с проверенными копиями, \
        \(Plural.russian(bad, "день", "дня", "дней")) с ошибками
        """
    }
    func dayOfRuns(succeeded: Int, failed: Int, missed: Int) -> String {
        "проверено \(succeeded), ошибок \(failed), пропущено \(missed)"
    }
    func chartSummary(_ title: String, lowest: String, highest: String, newest: String) -> String {
        "\(title): от \(lowest) до \(highest), сейчас \(newest)"
    }
    func usageSummary(from: String, to: String) -> String { "Объём: от \(from) до \(to)" }
    func uptimeSummary(_ name: String, _ share: String) -> String { "Доступность \(name): \(share)" }
    func uptimeUnknown(_ name: String) -> String { "Доступность \(name): пока неизвестна" }
    func uptimeIn(_ period: String) -> String { "Доступность, \(self.period(period))" }
    func daysAgo(_ days: Int) -> String { Plural.russian(days, "день назад", "дня назад", "дней назад") }
    func waitingForNamed(_ name: String) -> String { "Ждём, когда \(name) подключится…" }
    func addJobNamed(_ name: String) -> String { "Добавить задание для \(name)" }
    func protectNamed(_ name: String) -> String { "Защитить \(name)" }
    func runNowNamed(_ name: String) -> String { "Запустить \(name)" }
    func testNamed(_ name: String) -> String { "Проверить \(name)" }
    func revokeNamed(_ name: String) -> String { "Отозвать \(name)" }
    func rotateKeyConsequence(_ name: String) -> String {
        """
        Старый ключ \(name) перестанет действовать сразу. Агент будет не на связи, пока его хост не получит \
        новый; начатые копии продолжатся.
        """
    }
    func deleteAgentConsequence(_ name: String, jobs: Int) -> String {
        """
        \(name) больше не сможет подключиться, у него будет удалено: \
        \(Plural.russian(jobs, "задание", "задания", "заданий")). Его базы никто не будет копировать. \
        Существующие копии останутся.
        """
    }
    func deleteJobConsequence(_ job: String, _ target: String) -> String {
        "\(target) больше не копируется заданием \(job). Существующие копии хранятся, сколько было задано."
    }
    func deleteRunConsequence(_ target: String, _ day: String) -> String {
        """
        Копия \(target) от \(day) будет помечена и по истечении отсрочки удалена из хранилища. После этого \
        её не вернуть.
        """
    }
    func restoreFrom(_ target: String, _ moment: String) -> String {
        "Состояние \(target) на \(moment) будет записано в базу данных."
    }
    func replaceConsequence(_ database: String, _ moment: String) -> String {
        "Всё содержимое \(database) будет удалено и заменено состоянием на \(moment). Записанное позже пропадёт."
    }
    func everyMinutes(_ step: Int) -> String {
        step == 1 ? "Каждую минуту" : "Раз в \(Plural.russian(step, "минуту", "минуты", "минут"))"
    }
    func everyHour(minute: Int) -> String { minute == 0 ? "Каждый час" : "Каждый час, на \(minute)-й минуте" }
    func everyHours(_ step: Int, minute: Int) -> String {
        "Раз в \(Plural.russian(step, "час", "часа", "часов")), на \(minute)-й минуте"
    }
    func everyDay(_ time: String) -> String { "Каждый день в \(time)" }
    func everyWeek(_ days: String, _ time: String) -> String { "\(days) в \(time)" }
    func everyMonth(_ day: Int, _ time: String) -> String { "\(day)-го числа в \(time)" }

    // MARK: Words of the model. What is not known is shown as it came.

    func status(_ name: String) -> String {
        switch name {
        case "pending": "ожидает"
        case "dispatched": "отправлен"
        case "running": "идёт"
        case "uploading": "загрузка"
        case "validating": "проверка"
        case "success": "проверена"
        case "failed": "ошибка"
        case "cancelled": "остановлен"
        case "lost": "потерян"
        default: name
        }
    }
    func trigger(_ name: String) -> String {
        switch name {
        case "schedule": "по расписанию"
        case "manual": "вручную"
        case "retry": "повтор после ошибки"
        default: name
        }
    }
    func pipelineStage(_ name: String) -> String {
        switch name {
        case "compress": "сжатие и шифрование"
        default: stage(name)
        }
    }
    func incidentStatus(_ name: String) -> String {
        switch name {
        case "investigating": "выясняем"
        case "identified": "причина найдена"
        case "monitoring": "наблюдаем"
        case "resolved": resolved
        default: name
        }
    }
    func stage(_ name: String) -> String {
        switch name {
        case "dump": "выгрузка"
        case "compress": "сжатие"
        case "encrypt": "шифрование"
        case "upload": "загрузка"
        case "validate", "validating": "проверка чтением"
        case "download", "downloading": "скачивание"
        case "restore", "restoring": "восстановление"
        case "hooks": "скрипты"
        case "connecting": "подключение"
        case "finished": done
        default: name
        }
    }
    func readBack(_ name: String) -> String {
        switch name {
        case "none": "не прочитана"
        case "stream": "проверена при отправке"
        case "first_frame": "прочитано начало"
        case "full": "прочитана целиком"
        default: name
        }
    }
    func encryption(_ name: String) -> String {
        switch name {
        case "server": "главным ключом сервера"
        case "recipients": "только вашими ключами"
        case "none": "нет"
        default: name
        }
    }
    func targetState(_ name: String) -> String {
        switch name {
        case "unchanged": "База не изменилась."
        case "created_empty": "Осталась пустая база."
        case "partial": "В базе часть данных."
        case "complete": "В базе все данные."
        case "unknown": "Что в базе, неизвестно."
        default: name
        }
    }
    func period(_ name: String) -> String {
        switch name {
        case "24h": "24 часа"
        case "7d": "7 дней"
        case "30d": "30 дней"
        case "90d": "90 дней"
        default: name
        }
    }
    func storageKind(_ name: String) -> String {
        switch name {
        case "s3": "S3"
        case "embedded": "каталог этого сервера"
        default: name
        }
    }
    func channelKind(_ name: String) -> String {
        switch name {
        case "email": "Почта"
        case "telegram": "Telegram"
        case "slack": "Slack"
        case "discord": "Discord"
        case "webhook": "Подписанный вебхук"
        default: name
        }
    }
    func newsKind(_ name: String) -> String {
        switch name {
        case "run_failed": "Копия не удалась"
        case "run_recovered": "Копия снова удаётся"
        case "backup_late": "Копия опаздывает"
        case "agent_offline": "Агент пропал"
        case "agent_online": "Агент вернулся"
        case "check_down": "Проверка не проходит"
        case "check_up": "Проверка снова проходит"
        case "retention_braked": "Очистка остановлена: слишком много к удалению"
        case "restore_finished": "Восстановление закончилось"
        case "server_was_down": "Сервер не работал"
        default: name
        }
    }
    func role(_ role: PageContext.Role) -> String {
        switch role {
        case .owner: "Владелец"
        case .admin: "Администратор"
        case .operator: "Оператор"
        case .viewer: "Наблюдатель"
        }
    }
    func kept(_ rule: String, _ count: Int) -> String {
        switch rule {
        case "days": Plural.russian(count, "день", "дня", "дней")
        case "last": "последние \(count)"
        case "hourly": Plural.russian(count, "часовая", "часовые", "часовых")
        case "daily": Plural.russian(count, "дневная", "дневные", "дневных")
        case "weekly": Plural.russian(count, "недельная", "недельные", "недельных")
        case "monthly": Plural.russian(count, "месячная", "месячные", "месячных")
        case "yearly": Plural.russian(count, "годовая", "годовые", "годовых")
        default: "\(rule): \(count)"
        }
    }
    func weekdayShort(_ day: Int) -> String {
        let names = ["пн", "вт", "ср", "чт", "пт", "сб", "вс"]
        return names.indices.contains(day) ? names[day] : ""
    }
    func monthShort(_ month: Int) -> String {
        let names = ["янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"]
        return names.indices.contains(month - 1) ? names[month - 1] : ""
    }
}
