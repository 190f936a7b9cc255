using Swiper.Core.Dispatch;
using Swiper.Core.Friends;
using Swiper.Core.Protocol;
using Swiper.Core.Ranking;
using Swiper.Core.Social;
using Swiper.Core.Vip;

namespace Swiper.Storage.Tests.Contract;

/// <summary>What people may do to each other and what they then see, as plainly as can be: <see cref="SocialModelContract"/>.</summary>
internal sealed class SocialModel
{
    private static readonly Permission[][] Granted =
    [
        [],
        [Permission.Superlike],
        [Permission.Superlike, Permission.Rewind],
        [Permission.Superlike, Permission.Rewind, Permission.WhoLikedMe, Permission.UnlimitedLikes, Permission.AnyLocation],
    ];

    private readonly Dictionary<(long, long), (SwipeKind Kind, int Day)> _swipes = [];
    private readonly Dictionary<(long, long), long> _completers = []; // of each match, also of ended ones, by both directions
    private readonly HashSet<(long, long)> _over = []; // former friends, in both directions
    private readonly HashSet<(long, long)> _apart = []; // those of them of whom one has taken back the swipe, likewise
    private readonly List<(long Uid, long Sid)> _order = []; // of the swipes that stand
    private readonly Dictionary<(long, int), int> _rewinds = []; // by day
    private readonly HashSet<(long, long)> _friends = [];
    private readonly HashSet<(long, long)> _blocks = [];
    private readonly Dictionary<long, Dictionary<long, int>> _reporters = []; // that count, by who is reported, with the day
    private readonly HashSet<long> _everReported = [];
    private readonly Dictionary<long, DeckStanding> _standings = [];
    private readonly Dictionary<long, VipStatus> _levels = [];
    private readonly Dictionary<long, List<long>> _devices = [];
    private readonly Dictionary<long, List<SeenPush>> _pushes = [];
    private int _today;

    /// <summary>A push as its user sees it.</summary>
    /// <param name="Opcode">Which.</param>
    /// <param name="Subject">Whom or what it is about: see <see cref="SubjectOf"/>.</param>
    /// <param name="Day">When it was written.</param>
    public readonly record struct SeenPush(Opcode Opcode, long Subject, int Day);

    public static long SubjectOf(VipPush push) => (push.Ends * 10) + push.Level;

    /// <summary>Time has gone on to this day, and levels that have ended have been told so.</summary>
    public void Continue(long now)
    {
        _today = WireTime.DayNumber(now);
        // On the day of their end, which may be several nights ago.
        foreach (var (uid, level) in _levels.Where(level => level.Value.Ends <= now).ToArray())
            PutLevel(uid, VipStatus.None, WireTime.DayNumber(level.Ends));
    }

    public bool AreFriends(long uid, long other) => _friends.Contains((uid, other));

    public bool HasBlocked(long uid, long other) => _blocks.Contains((uid, other));

    public bool AreApart(long uid, long other) => _apart.Contains((uid, other));

    public bool IsLikedBy(long uid, long other) => Likes(other, uid) && MayMeet(uid, other);

    public bool IsOnDeckOf(long uid, long other) => MayMeet(uid, other) && _standings.GetValueOrDefault(other) == DeckStanding.Shown;

    public IReadOnlyList<SeenPush> PushesTo(long uid) => _pushes.GetValueOrDefault(uid) ?? [];

    /// <summary>
    /// What a client that has the pushes up to <paramref name="seq"/> is sent: push 705 where it may not have one of them.
    /// </summary>
    public IEnumerable<(Opcode Opcode, long From, long To, long Subject)> ResumedFrom(long uid, long seq)
    {
        var pushes = PushesTo(uid);
        if (seq > pushes.Count)
            return [(Opcode.Missed, 1, pushes.Count, 0)];
        var sent = new List<(Opcode Opcode, long From, long To, long Subject)>();
        foreach (var (index, push) in pushes.Index().Skip((int)seq))
        {
            if (IsShown(uid, push))
                sent.Add((push.Opcode, index + 1, index + 1, push.Subject));
            else if (sent is [.., { Opcode: Opcode.Missed } gap] && gap.To == index)
                sent[^1] = gap with { To = index + 1 };
            else
                sent.Add((Opcode.Missed, index + 1, index + 1, 0));
        }

        return sent;
    }

    public int LikesOf(long uid) =>
        _swipes.Count(swipe => swipe.Key.Item1 == uid && swipe.Value == (SwipeKind.Like, _today));

    public long ScoreOf(long uid) => _swipes.Where(swipe => swipe.Key.Item2 == uid).Sum(swipe => (long)Points.For(swipe.Value.Kind));

    public VipStatus LevelOf(long uid) => _levels.GetValueOrDefault(uid);

    public bool May(long uid, Permission permission) => Granted[LevelOf(uid).Level].Contains(permission);

    public IReadOnlyList<long> DevicesOf(long uid) => _devices.GetValueOrDefault(uid) ?? [];

    /// <summary>The reply, or the code with which it is refused.</summary>
    public object Swipe(long uid, long other, SwipeKind kind, int mostLikes)
    {
        if (_swipes.TryGetValue((uid, other), out var before))
        {
            return before.Kind == kind
                ? new SwipeReply(_completers.GetValueOrDefault((uid, other)) == uid && kind != SwipeKind.Dislike, Repeated: true)
                : StatusCode.RepeatSwipe;
        }

        if (kind == SwipeKind.Like && LikesOf(uid) >= mostLikes)
            return StatusCode.LikeQuota;
        _swipes.Add((uid, other), (kind, _today));
        _order.Add((uid, other));
        if (kind == SwipeKind.Superlike)
            Push(other, Opcode.Superliked, uid);
        var matched = kind != SwipeKind.Dislike && Likes(other, uid) && !_over.Contains((uid, other));
        if (matched)
        {
            _completers[(uid, other)] = _completers[(other, uid)] = uid;
            _friends.UnionWith([(uid, other), (other, uid)]);
            Push(uid, Opcode.Matched, other);
            Push(other, Opcode.Matched, uid);
        }

        return new SwipeReply(matched, Repeated: false);
    }

    public bool Unfriend(long uid, long other)
    {
        if (!_friends.Remove((uid, other)))
            return false;
        _friends.Remove((other, uid));
        _over.UnionWith([(uid, other), (other, uid)]);
        Push(other, Opcode.Unmatched, uid);
        return true;
    }

    /// <summary>The reply, or the code with which it is refused.</summary>
    public object Rewind(long uid)
    {
        var last = _order.FindLastIndex(swipe => swipe.Uid == uid);
        if (last < 0)
            return StatusCode.NothingToRewind;
        var used = _rewinds.GetValueOrDefault((uid, _today));
        if (used >= SwipeRules.RewindsADay)
            return StatusCode.RewindLimit;
        var other = _order[last].Sid;
        var (kind, day) = _swipes[(uid, other)];
        if (day != _today)
            return StatusCode.RewindTooLate;
        _rewinds[(uid, _today)] = used + 1;
        _order.RemoveAt(last);
        _swipes.Remove((uid, other));
        if (_friends.Remove((uid, other)))
        {
            _friends.Remove((other, uid));
            Push(other, Opcode.Unmatched, uid);
        }

        // Whatever becomes of their swipes.
        if (_over.Contains((uid, other)))
            _apart.UnionWith([(uid, other), (other, uid)]);
        if (_completers.GetValueOrDefault((uid, other)) == uid || !_over.Contains((uid, other)))
        {
            _completers.Remove((uid, other));
            _completers.Remove((other, uid));
        }

        return new RewindReply(other, kind, SwipeRules.RewindsADay - used - 1);
    }

    public void Block(long uid, long other)
    {
        if (_blocks.Add((uid, other)))
            Unfriend(uid, other);
    }

    public void Unblock(long uid, long other) => _blocks.Remove((uid, other));

    public void Report(long reporter, long uid)
    {
        _everReported.Add(uid);
        if (!_reporters.TryGetValue(uid, out var reporters))
            _reporters.Add(uid, reporters = []);
        reporters[reporter] = _today;
        if (_standings.GetValueOrDefault(uid) == DeckStanding.Shown
            && reporters.Values.Count(day => day == _today) >= ReportRules.Reporters)
            _standings[uid] = DeckStanding.Reported;
    }

    /// <summary>False if nobody has ever reported the user.</summary>
    public bool Decide(long uid, ReportDecision decision)
    {
        if (!_everReported.Contains(uid))
            return false;
        _reporters.Remove(uid);
        _standings[uid] = decision == ReportDecision.Clear ? DeckStanding.Shown : DeckStanding.Removed;
        return true;
    }

    /// <summary>The new level; null if it is refused.</summary>
    public VipStatus? Grant(long uid, int level, int days, long now)
    {
        var present = LevelOf(uid);
        if (present.Level > level)
            return null;
        var granted = new VipStatus(level, (present.Level == level ? present.Ends : now) + (days * WireTime.DayMs));
        PutLevel(uid, granted, _today);
        return granted;
    }

    public void Revoke(long uid)
    {
        if (LevelOf(uid) != VipStatus.None)
            PutLevel(uid, VipStatus.None, _today);
    }

    public void LogIn(long uid, long device)
    {
        if (!_devices.TryGetValue(uid, out var devices))
            _devices.Add(uid, devices = []);
        devices.Add(device);
    }

    public void SignOut(long uid, IEnumerable<long> devices) =>
        _devices.GetValueOrDefault(uid)?.RemoveAll(devices.ToHashSet().Contains);

    // Nights are whole days, and a push is some moments older than that.
    private bool IsShown(long uid, SeenPush push) => _today - push.Day < IPushRepository.KeptFor.Days
        && (push.Opcode is Opcode.Unmatched or Opcode.Vip || !(HasBlocked(uid, push.Subject) || HasBlocked(push.Subject, uid)));

    private void PutLevel(long uid, VipStatus status, int day)
    {
        if (status == VipStatus.None)
            _levels.Remove(uid);
        else
            _levels[uid] = status;
        Push(uid, Opcode.Vip, SubjectOf(new VipPush(status.Level, status.Ends)), day);
    }

    private void Push(long uid, Opcode opcode, long subject) => Push(uid, opcode, subject, _today);

    private void Push(long uid, Opcode opcode, long subject, int day)
    {
        if (!_pushes.TryGetValue(uid, out var pushes))
            _pushes.Add(uid, pushes = []);
        pushes.Add(new SeenPush(opcode, subject, day));
    }

    private bool MayMeet(long uid, long other) => !_swipes.ContainsKey((uid, other)) && !HasBlocked(uid, other) && !HasBlocked(other, uid)
        && !AreApart(uid, other);

    private bool Likes(long uid, long other) => _swipes.TryGetValue((uid, other), out var swipe) && swipe.Kind != SwipeKind.Dislike;
}
