using Microsoft.Extensions.Logging;
using Swiper.Core.Accounts;
using Swiper.Core.Ranking;
using Swiper.Core.Social;
using Swiper.Storage.Embedded.Indexes;
using Swiper.Storage.Indexes;
using Swiper.Storage.Social;

namespace Swiper.Storage.Embedded;

/// <summary>
/// Builds the indexes from the files before the lanes start, all shards in parallel:
/// 1. users;
/// 2. swipes: the swipers' sets and the scores;
/// 3. unanswered likes, oldest first.
/// </summary>
internal sealed class IndexRebuild(EmbeddedEngine engine, ILogger logger)
{
    // Rows that a shard's thread reads between two turns at what all of them share.
    private const int Batch = 1024;

    private long _users;
    private long _swipes;

    public void Run()
    {
        var began = engine.Clock.GetTimestamp();
        using (engine.Clock.CreateTimer(_ => StorageLog.Rebuilding(logger, Volatile.Read(ref _users), Volatile.Read(ref _swipes)),
            null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)))
        {
            engine.Boards.StartLoad();
            // :: Step 1
            Parallel.ForEach(engine.Shards, ReadUsers);
            // :: Step 2
            Parallel.ForEach(engine.Shards, ReadSwipes);
            engine.Boards.FinishLoad();
            // :: Step 3
            var likes = new PendingLikes(engine);
            Parallel.ForEach(engine.Shards, shard => ReadLikes(shard, likes));
            likes.Load();
        }

        if (engine.Clock.GetElapsedTime(began) is { TotalSeconds: >= 1 and var seconds })
            StorageLog.Rebuilt(logger, _users, _swipes, seconds);
    }

    private void ReadUsers(EmbeddedShard shard)
    {
        var people = new (long Uid, Person Person)[Batch];
        var count = 0;
        using var lease = shard.Readers.Rent();
        var rows = lease.Reader.AllUsers;
        while (rows.Step())
        {
            Place? place = rows.IsNull(3) || rows.IsNull(4) ? null : new Place(rows.Double(3), rows.Double(4));
            people[count++] = (rows.Int64(0),
                Person.Of((Sex)rows.Int64(1), (int)rows.Int64(2), place, rows.Text(5), engine.People.Locations));
            if (count == Batch)
                Load(people);
        }
        Load(people.AsSpan(0, count));

        void Load(ReadOnlySpan<(long Uid, Person Person)> read)
        {
            engine.Directory.Load(read);
            Interlocked.Add(ref _users, read.Length);
            count = 0;
        }
    }

    private void ReadSwipes(EmbeddedShard shard)
    {
        var scores = new ScoreChange[Batch];
        var count = 0;
        using var lease = shard.Readers.Rent();
        var rows = lease.Reader.AllSwipes;
        var last = (Swiper: -1, At: 0L);
        while (rows.Step())
        {
            // This program never writes a row of an unknown user; ignore it.
            if (!engine.People.TryGetSlot(rows.Int64(0), out var swiper) || !engine.People.TryGetSlot(rows.Int64(1), out var target))
                continue;
            if (TakenBackSwipe.Is((int)rows.Int64(2)))
            {
                shard.Swipers.Pass(swiper, rows.Int64(3));
                shard.Writer.TakenBack.Add((swiper, target));
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
                engine.Boards.Apply(scores);
                Interlocked.Add(ref _swipes, count);
                count = 0;
            }
        }
        engine.Boards.Apply(scores.AsSpan(0, count));
        Interlocked.Add(ref _swipes, count);
        ReadRewinds(shard, lease.Reader);
    }

    private void ReadRewinds(EmbeddedShard shard, ShardReader reader)
    {
        var rows = reader.AllRewinds;
        while (rows.Step())
        {
            if (engine.People.TryGetSlot(rows.Int64(0), out var swiper))
                shard.Swipers.Pass(swiper, rows.Int64(1));
        }
    }

    private void ReadLikes(EmbeddedShard shard, PendingLikes likes)
    {
        using var lease = shard.Readers.Rent();
        var rows = lease.Reader.AllSwipes;
        while (rows.Step())
        {
            var (uid, sid, kind, at) = (rows.Int64(0), rows.Int64(1), (SwipeKind)rows.Int64(2), rows.Int64(3));
            if (kind >= SwipeKind.Dislike
                || !engine.People.TryGetSlot(uid, out var liker) || !engine.People.TryGetSlot(sid, out var liked))
                continue;

            // Nothing writes yet, so other shards' sets can be read without locks.
            if (!engine.ShardOf(sid).Swiped.TryGet(liked, liker, out _))
                likes.Add(liked, liker, kind, at);
        }
    }
}
