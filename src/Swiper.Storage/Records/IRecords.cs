using System.Data.Common;
using Swiper.Core.Dispatch;

namespace Swiper.Storage.Records;

/// <summary>
/// What the repositories of the slices are written on, the same on every engine: a piece of code runs as one transaction on one user's
/// shard, and what other hosts must learn of it is written with it.
/// </summary>
/// <remarks>
/// A shard is found by a key: a uid, or <see cref="Sharding.PhoneHash"/> of a phone number.
/// </remarks>
internal interface IRecords
{
    /// <summary>What differs between the SQL of the engines.</summary>
    SqlDialect Sql { get; }

    /// <summary>One key of each shard, for what concerns all of them.</summary>
    IReadOnlyList<long> ShardKeys { get; }

    /// <summary>Which of <see cref="ShardKeys"/> is of the same shard.</summary>
    long ShardKeyOf(long key);

    /// <summary>
    /// Runs the work in a transaction on the shard of the key, perhaps with others' works, and returns its result once that is durable.
    /// The works of one key run in the order of the calls. If it throws, nothing of it is written. It may run several times, because of a
    /// deadlock for example, so it must change nothing but its session; and it may await only the session's own methods.
    /// </summary>
    /// <exception cref="StoreUnavailableException">
    /// The shard can't be written now; if it failed during the commit, the work may have been written.
    /// </exception>
    ValueTask<TResult> RunAsync<TResult>(long key, Func<RecordSession, Task<TResult>> work);

    /// <summary>Runs queries on the shard of the key, outside of any transaction: each sees what was committed before it began.</summary>
    /// <exception cref="StoreUnavailableException">The shard can't be read now.</exception>
    ValueTask<TResult> ReadAsync<TResult>(long key, Func<DbConnection, Task<TResult>> query);

    /// <summary>What must happen elsewhere after transactions.</summary>
    FollowUps FollowUps { get; }

    /// <summary>A new uid, which is hardly ever taken: see <see cref="Sharding.UidGenerator"/>.</summary>
    long NewUid();

    /// <summary>
    /// Has the handler called for each such event that another host's transaction told of with <see cref="RecordSession.Tell"/>. It may be
    /// called twice for one event, and for this host's own. Called before the engine starts.
    /// </summary>
    void Hear(HostEventKind kind, Action<HostEvent> handler);
}

/// <summary>Work without a result.</summary>
internal static class RecordsExtensions
{
    /// <inheritdoc cref="IRecords.RunAsync"/>
    public static async ValueTask RunAsync(this IRecords records, long key, Func<RecordSession, Task> work) =>
        await records.RunAsync(key, async session =>
        {
            await work(session).ConfigureAwait(false);
            return true;
        }).ConfigureAwait(false);
}
