using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Core.Friends;
using Swiper.Core.Ranking;
using Swiper.Core.Social;
using Swiper.Core.Vip;
using Swiper.Storage.Accounts;
using Swiper.Storage.Embedded.Backups;
using Swiper.Storage.Embedded.Ranking;
using Swiper.Storage.Embedded.Social;
using Swiper.Storage.Friends;
using Swiper.Storage.Pushes;
using Swiper.Storage.Vip;

namespace Swiper.Storage.Embedded;

/// <summary>The engine that needs nothing but a folder: the truth is in SQLite files, the indexes in memory.</summary>
public sealed class EmbeddedStorage : IStorageEngine
{
    private readonly EmbeddedEngine _engine;
    private readonly AccountRepository _accounts;
    private readonly ActivityRepository _activity;
    private readonly BlockRepository _blocks;
    private readonly VipRepository _vip;
    private readonly ReportRepository _reports;
    private readonly SessionRegistry _sessions;
    private Pruning? _pruning;
    private ConnectedDevices? _connected;

    /// <summary>Opens the folder; call <see cref="StartAsync"/> next.</summary>
    /// <exception cref="Sqlite.DataFolderException">The folder can't be used; the message says why, for the operator.</exception>
    public EmbeddedStorage(
        EmbeddedOptions options, SessionRegistry sessions, TimeProvider clock, ILogger<EmbeddedStorage> logger,
        IMeterFactory? meters = null)
    {
        _engine = new EmbeddedEngine(options, sessions, clock, logger, meters);
        _sessions = sessions;
        var devices = new DeviceRepository(_engine.Records, sessions);
        Devices = devices;
        _accounts = new AccountRepository(_engine.Records, _engine.Directory, devices, options.CodeRules);
        _activity = new ActivityRepository(_engine.Records, _engine.Directory, clock, logger, areThereOtherHosts: false);
        _blocks = new BlockRepository(_engine.Records, _engine.Directory, clock, logger);
        Friends = new FriendRepository(_engine.Records, _blocks);
        _reports = new ReportRepository(_engine.Records, _engine.Directory, clock, logger);
        _vip = new VipRepository(_engine.Records, _accounts, clock, logger);
        Pushes = new PushRepository(_engine.Records, _engine.Directory.Blocks, clock);
        Swipes = new EmbeddedSwipeRepository(_engine, _blocks);
        Decks = new EmbeddedDeckRepository(_engine);
        Likes = new EmbeddedLikeRepository(_engine);
        Boards = new EmbeddedBoardRepository(_engine);
        Backup = new OnlineBackup(_engine.Folder, options.Shards, _engine.BetweenCommits, clock);
    }

    /// <summary>For tests, which look at what it keeps, or spoil it.</summary>
    internal EmbeddedEngine Parts => _engine;

    /// <summary>There is only one host.</summary>
    public int Node => EmbeddedEngine.Node;

    public IAccountRepository Accounts => _accounts;

    public IDeviceRepository Devices { get; }

    public IActivityRepository Activity => _activity;

    public IFriendRepository Friends { get; }

    public IBlockRepository Blocks => _blocks;

    public IVipRepository Vip => _vip;

    public IReportRepository Reports => _reports;

    public IPushRepository Pushes { get; }

    public ISwipeRepository Swipes { get; }

    public IDeckRepository Decks { get; }

    public ILikeRepository Likes { get; }

    public IBoardRepository Boards { get; }

    /// <summary>Makes backups while this engine runs.</summary>
    public OnlineBackup Backup { get; }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await Task.Run(_engine.Start, cancellationToken);
        _blocks.Loaded();
        await _vip.LoadAsync();
        await _reports.LoadAsync();
        await _activity.StartAsync();
        _pruning = new Pruning(_engine.Records, _engine.Clock, _engine.Logger);
        await _pruning.StartAsync();
        _connected = new ConnectedDevices(_engine.Records, _sessions, _engine.Clock, _engine.Logger);
    }

    public IEnumerable<HealthReason> FindReasons() => _engine.Health.Find();

    public long NewUid() => _engine.Uids.Next();

    public ValueTask<bool> CreateUserAsync(Profile profile) => _accounts.AddAsync(profile);

    /// <summary>
    /// Another process reads the files from now on (<see cref="ReadAhead"/>): what is written meanwhile is noted, for
    /// <see cref="Changes"/>.
    /// </summary>
    public Task NoteChangesAsync() => _engine.NoteChangesAsync();

    /// <summary>It does not take over: nothing is noted any more.</summary>
    public Task ForgetChangesAsync() => _engine.ForgetChangesAsync();

    /// <summary>What was noted, after the engine was disposed; null if nothing was, or not all of it.</summary>
    public byte[]? Changes => _engine.Changes;

    /// <summary>The full path of the data folder.</summary>
    public string Folder => _engine.Folder;

    /// <summary>
    /// Another process opens the folder right after this engine is disposed: see <see cref="EmbeddedOptions.IsHandedOver"/>.
    /// </summary>
    public void HandOver() => _engine.HandOver();

    /// <summary>Commits what is queued and releases the folder.</summary>
    // On the thread pool: the caller may be running on a lane's thread, which can't wait for itself to end.
    public ValueTask DisposeAsync() => new(Task.Run(async () =>
    {
        await Backup.DisposeAsync();
        _pruning?.Dispose();
        _connected?.Dispose();
        _blocks.Dispose();
        _vip.Dispose();
        _reports.Dispose();
        _activity.Dispose();
        _engine.Dispose();
    }));
}
