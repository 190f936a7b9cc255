using Swiper.Core.Protocol;
using Swiper.Load.Scenarios;

namespace Swiper.Load.Wire;

/// <summary>
/// Evening traffic: each request as often as in a user's day, in irregular order. Connection i is <paramref name="swipers"/>[i]; the ids
/// of a connection count up from <see cref="RequestFrame.FirstId"/>.
/// </summary>
internal sealed class EveningRequests(IReadOnlyList<long> swipers, IReadOnlyList<long> people) : IRequestSource
{
    private static readonly Opcode[] Day = Shuffled();

    private readonly SwipePairs _pairs = new(swipers, people);
    private readonly byte[] _frames = new byte[64 * RequestFrame.LargestSize];
    private readonly uint[] _sent = new uint[swipers.Count];
    private int _profiles;

    /// <summary>The mix in words.</summary>
    public static string Description => string.Join(", ", Evening.Mix.Select(part => $"{part.PerDay} {NameOf(part.Opcode)}"));

    public ReadOnlySpan<byte> Next(int connection, int count)
    {
        var written = 0;
        for (var i = 0; i < count; i++)
            written += Write(connection, _frames.AsSpan(written));
        return _frames.AsSpan(0, written);
    }

    private int Write(int connection, Span<byte> frame)
    {
        var sent = _sent[connection]++;
        var id = RequestFrame.FirstId + sent;
        // Each user starts at a different point of the day.
        var op = Day[(sent + (uint)connection * 61) % Evening.RequestsPerDay];
        if (op == Opcode.Swipe)
        {
            if (!_pairs.TryNext(connection, out var sid, out var done))
                throw new InvalidOperationException(
                    $"a robot has swiped all {people.Count} people; use more --robots or shorter readings");
            return Write(frame, op, id, sid, (long)SwipePairs.KindOf(done, SwipePairs.HalfLikes));
        }
        // Every other profile is someone else's.
        return op == Opcode.Profile && _profiles++ % 2 == 1
            ? Write(frame, op, id, people[(int)((sent * 7919L + connection) % people.Count)])
            : Write(frame, op, id);
    }

    private static int Write(Span<byte> frame, Opcode op, uint id, params ReadOnlySpan<long> args)
    {
        var writer = RequestFrame.Begin(frame[..RequestFrame.LargestSize], op, id);
        writer.WriteArrayHeader(args.Length);
        foreach (var argument in args)
            writer.WriteInt64(argument);
        return RequestFrame.End(frame, ref writer);
    }

    private static Opcode[] Shuffled()
    {
        Opcode[] day = [.. Evening.Mix.SelectMany(part => Enumerable.Repeat(part.Opcode, part.PerDay))];
        new Random(1).Shuffle(day);
        return day;
    }

    private static string NameOf(Opcode op) => op switch
    {
        Opcode.Deck => "decks of 30",
        Opcode.Swipe => "swipes",
        Opcode.Profile => "profiles, half of them other users'",
        Opcode.LikedMe => "liked_me",
        Opcode.Top => "top 50",
        Opcode.RankOf => "rank_of",
        _ => "pings",
    };
}
