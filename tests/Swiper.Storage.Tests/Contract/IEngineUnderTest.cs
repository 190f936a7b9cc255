using Swiper.Core.Dispatch;
using Swiper.Storage.Indexes;
using Swiper.Storage.Records;

namespace Swiper.Storage.Tests.Contract;

/// <summary>An engine that has started on data of its own, which go when it is disposed.</summary>
internal interface IEngineUnderTest : IAsyncDisposable
{
    IStorageEngine Engine { get; }

    /// <summary>The rows of the engine, to look at or to spoil.</summary>
    IRecords Records { get; }

    /// <summary>What the engine holds in memory of everybody.</summary>
    PeopleDirectory People { get; }

    /// <summary>Where the engine pushes to.</summary>
    SessionRegistry Sessions { get; }

    /// <summary>Ends the engine and starts a new one on the same data.</summary>
    Task ReopenAsync();

    /// <summary>Empties the index if it is a server of its own, behind the engine's back.</summary>
    Task EmptyIndexAsync();

    /// <summary>Writes swipes that the user may have made, without all that follows from them.</summary>
    Task PutSwipesAsync(long uid, IReadOnlyList<long> sids);

    /// <summary>From now on reads do without the index if it is a server of its own, as while it lacks what was answered.</summary>
    void PassIndexOver();

    /// <summary>Writes the halves of a match that are missing, as whoever finds a swipe whose consequences are not written does.</summary>
    /// <param name="uid">Whose swipe completed it.</param>
    /// <param name="sid">Whom they swiped.</param>
    /// <param name="at">When.</param>
    Task MatchLateAsync(long uid, long sid, long at);

    /// <summary>Tells a user of a superlike, as whoever finds a swipe whose consequences may not be written does.</summary>
    /// <param name="uid">Who superliked.</param>
    /// <param name="sid">Who is told.</param>
    /// <param name="at">When.</param>
    Task SuperlikeLateAsync(long uid, long sid, long at);

    /// <summary>Returns when the boards tell of every swipe that was answered.</summary>
    Task SettledAsync();
}
