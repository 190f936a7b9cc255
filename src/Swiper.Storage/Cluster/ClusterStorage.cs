using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Core.Friends;
using Swiper.Core.Ranking;
using Swiper.Core.Social;
using Swiper.Core.Vip;
using Swiper.Storage.Accounts;
using Swiper.Storage.Cluster.Accounts;
using Swiper.Storage.Cluster.Ranking;
using Swiper.Storage.Cluster.Social;
using Swiper.Storage.Redis.Reading;
using Swiper.Storage.Friends;
using Swiper.Storage.Vip;

namespace Swiper.Storage.Cluster;

/// <summary>The engine for any number of hosts: the truth is in MySQL shards, the index in Redis.</summary>
public sealed class ClusterStorage : IStorageEngine
{
    // A small index is ready before the first request; a large one is built while reads fall back to the truth.
    private static readonly TimeSpan IndexPatience = TimeSpan.FromSeconds(5);

    private readonly ClusterEngine _engine;
    private readonly AccountRepository _accounts;
    private readonly ActivityRepository _activity;
    private readonly BlockRepository _blocks;
    private readonly VipRepository _vip;
    private readonly ReportRepository _reports;
    private readonly Hotness _hotness;
    private readonly SessionRegistry _sessions;
    private Pruning? _pruning;
    private ConnectedDevices? _connected;

    /// <summary>Begins to connect to Redis; call <see cref="StartAsync"/> next.</summary>
    /// <exception cref="StorageStartException">The options name no usable servers.</exception>
    public ClusterStorage(
        ClusterOptions options, SessionRegistry sessions, TimeProvider clock, ILogger<ClusterStorage> logger,
        IMeterFactory? meters = null)
    {
        _engine = new ClusterEngine(options, sessions, clock, logger, meters);
        _sessions = sessions;
        var devices = new DeviceRepository(_engine.Records, sessions);
        Devices = devices;
        _accounts = new AccountRepository(_engine.Records, _engine.People, devices, options.CodeRules);
        _activity = new ActivityRepository(_engine.Records, _engine.People, clock, logger, areThereOtherHosts: true);
        _blocks = new BlockRepository(_engine.Records, _engine.People, clock, logger);
        Friends = new FriendRepository(_engine.Records, _blocks);
        _reports = new ReportRepository(_engine.Records, _engine.People, clock, logger);
        _vip = new VipRepository(_engine.Records, _accounts, clock, logger);
        var known = new KnownSwipes(clock);
        Swipes = new ClusterSwipeRepository(_engine.Swipes, _engine.People, _accounts, _blocks, _engine.Records, known);
        var reads = new IndexReads(_engine.Index);
        var (users, truth) = (new UserReader(reads), new SwipeTruth(_engine.Shards));
        var boards = new BoardReader(reads);
        _hotness = new Hotness(boards, _engine.People.People, clock, logger);
        Decks = new ClusterDeckRepository(_engine.People, _hotness, users, _engine.Swipes.Lag, truth, known);
        Likes = new ClusterLikeRepository(users, _engine.Swipes.Lag, truth);
        Boards = new ClusterBoardRepository(boards, clock);
        TokenKeys = new TokenKeyRepository(_engine.Shards[0].Server);
    }

    /// <summary>For tests, which look at what it keeps, or spoil it.</summary>
    internal ClusterEngine Parts => _engine;

    public int Node => _engine.Node.IsClaimed ? _engine.Node.Claim.Node : 0;

    public IAccountRepository Accounts => _accounts;

    public IDeviceRepository Devices { get; }

    public IActivityRepository Activity => _activity;

    public IFriendRepository Friends { get; }

    public IBlockRepository Blocks => _blocks;

    public IVipRepository Vip => _vip;

    public IReportRepository Reports => _reports;

    public IPushRepository Pushes => _engine.StoredPushes;

    public ISwipeRepository Swipes { get; }

    public IDeckRepository Decks { get; }

    public ILikeRepository Likes { get; }

    public IBoardRepository Boards { get; }

    /// <summary>The keys that seal tokens, the same for all hosts.</summary>
    public TokenKeyRepository TokenKeys { get; }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await Task.Run(_engine.Start, cancellationToken);
        try
        {
            await _blocks.LoadAsync();
            await _vip.LoadAsync();
            await _reports.LoadAsync();
            await _activity.StartAsync();
        }
        catch (StoreUnavailableException exception)
        {
            throw new StorageStartException(
                $"can't read blocks, VIP levels, who is out of decks and who is active: {exception.Message}", exception);
        }

        _pruning = new Pruning(_engine.Records, _engine.Clock, _engine.Logger);
        await _pruning.StartAsync();
        _connected = new ConnectedDevices(_engine.Records, _sessions, _engine.Clock, _engine.Logger);
        await _engine.Keeper.FirstRound.WaitAsync(IndexPatience, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _hotness.Start();
    }

    public IEnumerable<HealthReason> FindReasons() => _engine.Health.Find();

    public long NewUid() => _engine.Records.NewUid();

    public ValueTask<bool> CreateUserAsync(Profile profile) => _accounts.AddAsync(profile);

    /// <summary>Commits what is queued and releases the node number.</summary>
    public ValueTask DisposeAsync()
    {
        _pruning?.Dispose();
        _blocks.Dispose();
        _vip.Dispose();
        _reports.Dispose();
        return new ValueTask(Task.Run(() =>
        {
            _connected?.Dispose();
            _hotness.Dispose();
            _activity.Dispose();
            _engine.Dispose();
        }));
    }
}
