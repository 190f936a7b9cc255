using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Core.Friends;
using Swiper.Core.Ranking;
using Swiper.Core.Social;

namespace Swiper.Storage;

/// <summary>
/// What keeps the truth and answers from it, as the rest of the server sees it: the repositories, and its start and end. Nothing
/// above knows which engine it is on.
/// </summary>
public interface IStorageEngine : IAsyncDisposable
{
    /// <summary>
    /// The number that this host's uids carry, unique among the hosts of a cluster; it may change while the host runs. 0 before the
    /// start.
    /// </summary>
    int Node { get; }

    IAccountRepository Accounts { get; }

    IFriendRepository Friends { get; }

    IPushRepository Pushes { get; }

    ISwipeRepository Swipes { get; }

    IDeckRepository Decks { get; }

    ILikeRepository Likes { get; }

    IBoardRepository Boards { get; }

    /// <summary>
    /// Has the indexes ready, which takes seconds where there are millions of swipes, and begins to take requests. Called once.
    /// </summary>
    /// <exception cref="StorageStartException">It can't be started; the message says why, for the operator.</exception>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>A uid that nobody has had.</summary>
    long NewUid();

    /// <summary>Makes a user without a login, for tools and tests. False where number or uid are taken.</summary>
    ValueTask<bool> CreateUserAsync(Profile profile);
}
