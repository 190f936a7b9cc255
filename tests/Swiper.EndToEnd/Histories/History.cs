using System.Collections.Concurrent;
using System.Diagnostics;
using Swiper.Core.Protocol;
using Swiper.Core.Social;
using Swiper.Tests.Shared.Histories;

namespace Swiper.EndToEnd.Histories;

/// <summary>All that was asked of a deployment and answered, and the pushes that came, on however many connections.</summary>
/// <param name="rewindsEnd">
/// All that follows from a rewind is done when it is answered within <see cref="RewindPatience"/>: so it is while no store fails.
/// </param>
internal sealed class History(bool rewindsEnd)
{
    // How long a rewind's reply waits for what follows from it.
    private const long RewindPatience = 1_000_000;

    private readonly ConcurrentQueue<Recorded> _recorded = new();
    private readonly ConcurrentQueue<(int Connection, long Uid, IReadOnlyList<SeenPush> Pushes)> _live = new();
    private readonly long _begun = Stopwatch.GetTimestamp();
    private (long From, long To)[] _withoutIndex = [];
    private int _connections;

    /// <summary>In microseconds.</summary>
    public long Now => Stopwatch.GetElapsedTime(_begun).Ticks / TimeSpan.TicksPerMicrosecond;

    public int Count => _recorded.Count;

    /// <summary>How many have no reply.</summary>
    public int Unanswered => _recorded.Count(recorded => recorded.Answer is null);

    public IEnumerable<Recorded> All => _recorded;

    public int NewConnection() => Interlocked.Increment(ref _connections);

    public void Add(Recorded recorded) => _recorded.Enqueue(recorded);

    /// <summary>The numbered pushes of a connection, from the first that the user ever got.</summary>
    public void AddPushes(int connection, long uid, IReadOnlyList<SeenPush> pushes) => _live.Enqueue((connection, uid, pushes));

    /// <summary>Some hosts may have answered swipes between two moments that the others' index has lacked until the second.</summary>
    public void IndexLagged(long from, long to) => _withoutIndex = [.. _withoutIndex, (from, to)];

    /// <summary>Adds something that the test itself has seen of two users.</summary>
    public void Observe(Call call, Answer answer) => Add(new Recorded(0, 0, call, answer, Now, Now));

    /// <summary>All that can't be explained, one text a pair or user.</summary>
    /// <param name="likesADay">How many likes people have.</param>
    public IReadOnlyList<string> Problems(int likesADay = int.MaxValue)
    {
        var byUser = _recorded.ToLookup(recorded => recorded.Call.Uid);
        var live = _live.ToLookup(seen => seen.Uid, seen => (seen.Connection, seen.Pushes));
        var pairs = _recorded.Where(recorded => recorded.Call.Other != 0)
            .Select(recorded => (Math.Min(recorded.Call.Uid, recorded.Call.Other), Math.Max(recorded.Call.Uid, recorded.Call.Other)))
            .Distinct().Order();
        return
        [
            .. pairs.Select(pair => PairProblem(pair.Item1, pair.Item2, [.. byUser[pair.Item1], .. byUser[pair.Item2]])).OfType<string>(),
            .. byUser.Select(user => UserProblem(user.Key, user, likesADay)).OfType<string>(),
            .. byUser.Select(user => PushProblem(user.Key, user, BlockedWith(user.Key), live[user.Key])).OfType<string>(),
        ];

        HashSet<long> BlockedWith(long uid) =>
        [
            .. _recorded.Where(recorded => recorded.Call.Deed == Deed.Block && recorded.Call.Uid == uid)
                .Select(recorded => recorded.Call.Other),
            .. _recorded.Where(recorded => recorded.Call.Deed == Deed.Block && recorded.Call.Other == uid)
                .Select(recorded => recorded.Call.Uid),
        ];
    }

    private string? PairProblem(long one, long other, Recorded[] recorded)
    {
        var model = new PairModel(other);
        var ofPair = recorded.Where(IsOfPair).ToArray();
        var rewinds = ofPair.Where(happened => happened.Call.Deed == Deed.Rewind && happened.Answer is null or { Code: StatusCode.Ok })
            .ToArray();
        var ends = ofPair.Where(happened => happened.Call.Deed is Deed.Block or Deed.Unblock or Deed.Unfriend).ToArray();
        var blocks = ends.Where(happened => happened.Call.Deed == Deed.Block).ToArray();
        var swipes = ofPair.Where(happened => happened.Call.IsSwipe && happened.Answer is not null).ToArray();
        var end = recorded.Where(happened => happened.Call.Deed == Deed.Quiet).Select(happened => happened.Invoked)
            .FirstOrDefault(long.MaxValue);
        var operations = ofPair.Select(happened => new Operation<PairDeed>(
            happened.Connection, OfPair(happened), happened.Invoked,
            happened.Answer is null ? Math.Max(end, happened.Invoked) : happened.Returned,
            happened.Answer is not null));
        return Linearizability.Check(model, [.. operations]) is { } violation
            ? $"{one} and {other}: {Linearizability.Shrink(model, violation)}" : null;

        bool IsOfPair(Recorded happened) => happened.Call.Deed switch
        {
            Deed.Rewind => happened.Answer is null or { Code: StatusCode.NothingToRewind }
                || (happened.Answer.Code == StatusCode.Ok && happened.Answer.Sid == OtherThan(happened.Call.Uid)),
            Deed.LikedMe or Deed.Deck or Deed.Pushes => happened.Answer is { Code: StatusCode.Ok },
            Deed.UndoLeft => false,
            Deed.Friend => happened.Answer is not null && happened.Call.Other == OtherThan(happened.Call.Uid),
            _ => happened.Call.Other == OtherThan(happened.Call.Uid),
        };

        long OtherThan(long uid) => uid == one ? other : one;

        // A like without a reply, which may take effect later.
        bool ShowsEarly(Recorded happened, long about, Answer? answer) =>
            happened.Call.Deed == Deed.LikedMe && answer is { People.Count: > 0 }
            && ofPair.Any(other => other is { Answer: null, Call.IsSwipe: true } && other.Call.Uid == about && other.Overlaps(happened));

        PairDeed OfPair(Recorded happened)
        {
            var about = OtherThan(happened.Call.Uid);
            var answer = happened.Answer is not { } given ? null : given with
            {
                People = given.People.Contains(about) ? new HashSet<long> { about } : [],
                Pushes = [.. given.Pushes.Where(push => push.Subject == about)],
            };
            var isAmbiguous = rewinds.Any(rewind => rewind != happened && rewind.Overlaps(happened))
                || (happened.Call.Deed == Deed.Rewind && (!rewindsEnd || happened.Returned - happened.Invoked >= RewindPatience));
            return new PairDeed(
                happened.Call.Deed, happened.Call.Uid, happened.Host, answer, Settles: !isAmbiguous,
                MeetsABlock: blocks.Any(block => block.Overlaps(happened)),
                MeetsAnEnd: ends.Any(end => end != happened && end.Overlaps(happened)),
                MeetsASwipe: swipes.Any(swipe => swipe.Overlaps(happened) || MayLack(happened, swipe))
                    || ShowsEarly(happened, about, answer));
        }
    }

    private bool MayLack(Recorded list, Recorded swipe) => list.Host != swipe.Host && swipe.Returned <= list.Invoked
        && _withoutIndex.Any(span => swipe.Returned >= span.From && list.Invoked <= span.To);

    private static string? UserProblem(long uid, IEnumerable<Recorded> recorded, int likesADay)
    {
        var model = new UserModel(likesADay, SwipeRules.RewindsADay);
        var operations = recorded.Select(happened => (happened, Deed: OfUser(happened))).Where(both => both.Deed is not null)
            .Select(both => new Operation<UserDeed>(
                both.happened.Connection, both.Deed!.Value, both.happened.Invoked,
                both.Deed.Value.Code is null ? long.MaxValue : both.happened.Returned, both.Deed.Value.Code is not null));
        return Linearizability.Check(model, [.. operations]) is { } violation
            ? $"{uid}: {Linearizability.Shrink(model, violation)}" : null;

        static UserDeed? OfUser(Recorded happened) => (happened.Call.Deed, happened.Answer) switch
        {
            (Deed.Like or Deed.Superlike or Deed.Dislike, var answer) => new(
                UserAct.Swipe, happened.Call.Other, (int)happened.Call.Deed, answer?.Code, answer?.Repeated ?? false),
            (Deed.Rewind, var answer) => new(
                UserAct.Rewind, answer?.Sid ?? 0, (int)(answer?.Kind ?? 0), answer?.Code, RewindsLeft: answer?.RewindsLeft ?? 0),
            (Deed.UndoLeft, { } answer) => new(
                UserAct.UndoLeft, Code: answer.Code, RewindsLeft: answer.RewindsLeft, LikesLeft: answer.LikesLeft),
            _ => null,
        };
    }

    /// <summary>
    /// The pushes that are kept are numbered without a gap, and every connection got the same ones, each once and in their order; all of
    /// them, but for those about people whom somebody blocked.
    /// </summary>
    private static string? PushProblem(long uid, IEnumerable<Recorded> recorded, HashSet<long> blocked,
        IEnumerable<(int Connection, IReadOnlyList<SeenPush> Pushes)> live)
    {
        if (recorded.LastOrDefault(happened => happened.Call.Deed == Deed.Pushes)?.Answer?.Pushes is not { } kept)
            return null;
        if (kept.Where((push, index) => push.Seq != index + 1).Any())
            return $"{uid}: the pushes that are kept are not numbered one by one: {Show(kept)}";
        foreach (var (connection, pushes) in live)
        {
            var numbers = pushes.Select(push => push.Seq).ToArray();
            var missing = kept.Where(push => push.Seq < numbers.LastOrDefault() && !numbers.Contains(push.Seq));
            if (!numbers.SequenceEqual(numbers.Order().Distinct()) || pushes.Except(kept).Any()
                || missing.Any(push => !blocked.Contains(push.Subject)))
                return $"{uid}: connection {connection} was pushed\n{Show(pushes)}\nand what is kept is\n{Show(kept)}";
        }

        return null;

        static string Show(IReadOnlyList<SeenPush> pushes) =>
            string.Join(' ', pushes.Select(push => $"{push.Seq}:{push.Opcode}({push.Subject})"));
    }
}
