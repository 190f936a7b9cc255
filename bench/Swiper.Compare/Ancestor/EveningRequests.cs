using Swiper.Compare.Requests;
using Swiper.Compare.Rows;
using Swiper.Core.Protocol;

namespace Swiper.Compare.Ancestor;

/// <summary>
/// Evening traffic: each request as often as in the 200 of a user's day, in irregular order. Connection i is
/// <paramref name="swipers"/>[i]; the ids of a connection count up from <see cref="RequestFrame.FirstId"/>.
/// </summary>
internal sealed class EveningRequests(IReadOnlyList<long> swipers, IReadOnlyList<long> people) : IRequestSource
{
    /// <summary>Requests per user and day.</summary>
    public const int PerDay = 200;

    private static readonly (Request Request, int PerDay)[] Mix =
    [
        (Request.Swipe, 112), (Request.Ping, 24), (Request.LikedMe, 16), (Request.Deck, 12), (Request.Top, 12),
        (Request.OwnProfile, 8), (Request.TheirProfile, 8), (Request.RankOf, 8),
    ];

    private static readonly Request[] Day = Shuffled();

    private readonly SwipePairs _pairs = new(swipers, people);
    private readonly byte[] _frames = new byte[64 * RequestFrame.LargestSize];
    private readonly uint[] _sent = new uint[swipers.Count];

    private enum Request
    {
        Swipe,
        Ping,
        LikedMe,
        Deck,
        Top,
        OwnProfile,
        TheirProfile,
        RankOf,
    }

    /// <summary>The mix in words.</summary>
    public static string Description => string.Join(", ", Mix.Select(part => $"{part.PerDay} {NameOf(part.Request)}"));

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
        switch (Day[(sent + (uint)connection * 61) % PerDay])
        {
            case Request.Swipe:
                if (!_pairs.TryNext(connection, out var sid, out var done))
                    throw new InvalidOperationException(
                        $"a robot has swiped all {people.Count} people; use more --robots or shorter readings");
                return Write(frame, Opcode.Swipe, id, sid, (long)SwipePairs.KindOf(done, Loads.SwipeKinds));
            case Request.Ping:
                return Write(frame, Opcode.Ping, id);
            case Request.LikedMe:
                return Write(frame, Opcode.LikedMe, id);
            case Request.Deck:
                return Write(frame, Opcode.Deck, id);
            case Request.Top:
                return Write(frame, Opcode.Top, id);
            case Request.TheirProfile:
                return Write(frame, Opcode.Profile, id, people[(int)((sent * 7919L + connection) % people.Count)]);
            case Request.RankOf:
                return Write(frame, Opcode.RankOf, id);
            default:
                return Write(frame, Opcode.Profile, id);
        }
    }

    private static int Write(Span<byte> frame, Opcode op, uint id, params ReadOnlySpan<long> args)
    {
        var writer = RequestFrame.Begin(frame[..RequestFrame.LargestSize], op, id);
        writer.WriteArrayHeader(args.Length);
        foreach (var argument in args)
            writer.WriteInt64(argument);
        return RequestFrame.End(frame, ref writer);
    }

    private static Request[] Shuffled()
    {
        Request[] day = [.. Mix.SelectMany(part => Enumerable.Repeat(part.Request, part.PerDay))];
        new Random(1).Shuffle(day);
        return day;
    }

    private static string NameOf(Request request) => request switch
    {
        Request.Swipe => "swipes",
        Request.Ping => "pings",
        Request.LikedMe => "liked_me",
        Request.Deck => "decks of 30",
        Request.Top => "top 50",
        Request.OwnProfile => "own profile",
        Request.TheirProfile => "other profile",
        _ => "rank_of",
    };
}
