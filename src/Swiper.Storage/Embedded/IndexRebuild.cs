using Microsoft.Extensions.Logging;
using Swiper.Core.Accounts;
using Swiper.Core.Ranking;
using Swiper.Core.Social;
using Swiper.Storage.Embedded.Indexes;
using Swiper.Storage.Embedded.Sqlite;
using Swiper.Storage.Indexes;
using Swiper.Storage.Social;

namespace Swiper.Storage.Embedded;

/// <summary>
/// Builds the indexes from the files, all shards in parallel:
/// 1. users, when they were active, and who are kept apart;
/// 2. swipes: the swipers' sets and the scores;
/// 3. unanswered likes, oldest first.
/// Another process may write the files meanwhile: what it does not change is read right, and <see cref="IndexUpdate"/> mends the rest.
/// </summary>
internal sealed class IndexRebuild(EmbeddedIndexes indexes, IndexReader[] readers, TimeProvider clock, ILogger logger)
{
    // Rows that a shard's thread reads between two turns at what all of them share.
    private const int Batch = 1024;

    private long _users;
    private long _swipes;

    public void Run()
    {
        var began = clock.GetTimestamp();
        using (clock.CreateTimer(_ => StorageLog.Rebuilding(logger, Volatile.Read(ref _users), Volatile.Read(ref _swipes)),
            null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)))
        {
            indexes.Boards.StartLoad();
            // :: Step 1
            Parallel.For(0, readers.Length, shard => ReadUsers(readers[shard]));
            // :: Step 2
            Parallel.For(0, readers.Length, shard => ReadSwipes(indexes.Shards[shard], readers[shard]));
            indexes.Boards.FinishLoad();
            // :: Step 3
            var likes = new PendingLikes(indexes);
            Parallel.For(0, readers.Length, shard => ReadLikes(indexes.Shards[shard], readers[shard], likes));
            likes.Load();
        }

        if (clock.GetElapsedTime(began) is { TotalSeconds: >= 1 and var seconds })
            StorageLog.Rebuilt(logger, _users, _swipes, seconds);
    }

    /// <summary>The person in a row of users.</summary>
    public static Person PersonIn(SqliteStatement row, LocationTexts locations)
    {
        Place? place = row.IsNull(3) || row.IsNull(4) ? null : new Place(row.Double(3), row.Double(4));
        return Person.Of((Sex)row.Int64(1), (int)row.Int64(2), place, row.Text(5), locations);
    }

    private void ReadUsers(IndexReader reader)
    {
        var people = new (long Uid, Person Person)[Batch];
        var count = 0;
        var rows = reader.AllUsers;
        while (rows.Step())
        {
            people[count++] = (rows.Int64(0), PersonIn(rows, indexes.People.Locations));
            if (count == Batch)
                Load(people);
        }
        Load(people.AsSpan(0, count));
        ReadActivity(reader.AllActivity);
        ReadBlocks(reader.AllBlocks, indexes.Directory.Blocks);
        ReadBlocks(reader.AllFormerFriends, indexes.Directory.FormerFriends);

        void Load(ReadOnlySpan<(long Uid, Person Person)> read)
        {
            indexes.Directory.Load(read);
            Interlocked.Add(ref _users, read.Length);
            count = 0;
        }
    }

    private void ReadActivity(SqliteStatement rows)
    {
        while (rows.Step())
        {
            if (indexes.People.TryGetSlot(rows.Int64(0), out var slot))
                indexes.Directory.Activity.Note(slot, ActivityIndex.HourOf(rows.Int64(1)));
        }
    }

    private static void ReadBlocks(SqliteStatement rows, BlockIndex into)
    {
        while (rows.Step())
            into.Put(rows.Int64(0), rows.Int64(1), isBlocked: true);
    }

    private void ReadSwipes(ShardIndexes shard, IndexReader reader)
    {
        var scores = new ScoreChange[Batch];
        var count = 0;
        var rows = reader.AllSwipes;
        var last = (Swiper: -1, At: 0L);
        while (rows.Step())
        {
            // This program never writes a row of an unknown user; ignore it.
            if (!indexes.People.TryGetSlot(rows.Int64(0), out var swiper) || !indexes.People.TryGetSlot(rows.Int64(1), out var target))
                continue;
            if (TakenBackSwipe.Is((int)rows.Int64(2)))
            {
                shard.Swipers.Pass(swiper, rows.Int64(3));
                shard.TakenBack.Add((swiper, target));
                continue;
            }
            var (kind, at) = ((SwipeKind)rows.Int64(2), rows.Int64(3));
            shard.Swiped.TryAdd(swiper, target, kind);
            // The rows of a swiper come together.
            var isLast = swiper != last.Swiper || at >= last.At;
            if (isLast)
                last = (swiper, at);
            shard.Swipers.Load(swiper, target, kind, at, isLast);
            scores[count++] = new ScoreChange(target, Points.For(kind), at);
            if (count == Batch)
            {
                indexes.Boards.Apply(scores);
                Interlocked.Add(ref _swipes, count);
                count = 0;
            }
        }
        indexes.Boards.Apply(scores.AsSpan(0, count));
        Interlocked.Add(ref _swipes, count);
        ReadRewinds(shard, reader.AllRewinds);
    }

    private void ReadRewinds(ShardIndexes shard, SqliteStatement rows)
    {
        while (rows.Step())
        {
            if (!indexes.People.TryGetSlot(rows.Int64(0), out var swiper))
                continue;
            shard.Swipers.Pass(swiper, rows.Int64(1));
            if (rows.Int64(2) is var madeAt and > 0)
                shard.Swipers.LoadAhead(swiper, madeAt, (int)rows.Int64(3));
        }
    }

    private void ReadLikes(ShardIndexes shard, IndexReader reader, PendingLikes likes)
    {
        var rows = reader.AllSwipes;
        while (rows.Step())
        {
            var (uid, sid, kind, at) = (rows.Int64(0), rows.Int64(1), (SwipeKind)rows.Int64(2), rows.Int64(3));
            if (kind >= SwipeKind.Dislike
                || !indexes.People.TryGetSlot(uid, out var liker) || !indexes.People.TryGetSlot(sid, out var liked))
                continue;

            // No lane of this process runs yet, so all shards' sets can be read without locks. A like that step 2 has not found is newer.
            if (shard.Swiped.Of(liker).Drops(liked) && !indexes.ShardOf(sid).Swiped.Of(liked).Drops(liker))
                likes.Add(liked, liker, kind, at);
        }
    }
}
