using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Core.Friends;
using Swiper.Core.Ranking;
using Swiper.Core.Social;
using Swiper.Core.Vip;

namespace Swiper.Storage;

/// <summary>
/// A storage engine as the rest of the server sees it: its repositories, start and stop. Nothing above knows which engine it runs on.
/// </summary>
public interface IStorageEngine : IAsyncDisposable
{
    /// <summary>
    /// This host's number, unique among the hosts of a cluster; it may change while the host runs. 0 before the start.
    /// </summary>
    int Node { get; }

    IAccountRepository Accounts { get; }

    IDeviceRepository Devices { get; }

    IActivityRepository Activity { get; }

    IFriendRepository Friends { get; }

    IBlockRepository Blocks { get; }

    IVipRepository Vip { get; }

    IReportRepository Reports { get; }

    IPushRepository Pushes { get; }

    ISwipeRepository Swipes { get; }

    IDeckRepository Decks { get; }

    ILikeRepository Likes { get; }

    IBoardRepository Boards { get; }

    /// <summary>Prepares the indexes, which takes seconds for millions of swipes, and begins to take requests. Called once.</summary>
    /// <exception cref="StorageStartException">The engine can't be started; the message tells the operator why.</exception>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>
    /// What is wrong with the engine now. It never waits for a store. Called once the engine has started, by one thread at a time.
    /// </summary>
    IEnumerable<HealthReason> FindReasons();

    /// <summary>A new uid, which can't be guessed from others.</summary>
    long NewUid();

    /// <summary>Creates a user without a login, for tools and tests. False if the number or the uid is taken.</summary>
    ValueTask<bool> CreateUserAsync(Profile profile);
}
