using Swiper.Core.Protocol;

namespace Swiper.Tests.Shared.Histories;

/// <summary>What counts for a user's day.</summary>
internal enum UserAct : byte
{
    Swipe,
    Rewind,
    UndoLeft,
}

/// <summary>A swipe, a rewind or a look at what is left.</summary>
/// <param name="Act">Which.</param>
/// <param name="Sid">Of a swipe whom; of an answered rewind whose.</param>
/// <param name="Kind">Of a swipe how; of an answered rewind how they had been swiped: 1 like, 2 superlike, 3 dislike.</param>
/// <param name="Code">Null without a reply.</param>
/// <param name="Repeated">Of a swipe.</param>
/// <param name="RewindsLeft">Of a rewind and a look.</param>
/// <param name="LikesLeft">Of a look; null if it was not told.</param>
internal readonly record struct UserDeed(
    UserAct Act, long Sid = 0, int Kind = 0, StatusCode? Code = null, bool Repeated = false, int RewindsLeft = 0, long? LikesLeft = null)
{
    public override string ToString()
    {
        var asked = Act switch
        {
            UserAct.Swipe => $"swipe {Sid} as {Kind}",
            UserAct.Rewind => "rewind",
            _ => "undo_left",
        };
        return asked + " -> " + (Code, Act) switch
        {
            (null, _) => "no reply",
            (not StatusCode.Ok, _) => $"{(int)Code} {Code}",
            (_, UserAct.Swipe) => Repeated ? "repeated" : "new",
            (_, UserAct.Rewind) => $"{Sid} as {Kind}, {RewindsLeft} left",
            _ => $"{RewindsLeft} rewinds, {LikesLeft} likes left",
        };
    }
}

/// <summary>A user's day: which swipes stand, in their order, and what has been used.</summary>
/// <param name="Standing">A character each.</param>
/// <param name="Likes">Of those that stand.</param>
/// <param name="Rewinds">Made today.</param>
internal readonly record struct UserState(string Standing, int Likes, int Rewinds)
{
    public override string ToString() => $"{Standing.Length} swipes, {Likes} of them likes, and {Rewinds} rewinds";
}

/// <summary>
/// The rules of quotas and rewinds: a user has so many likes and rewinds a day, and a rewind takes back the last swipe that stands. The
/// history must be of one day, and shorter than a swipe may be taken back.
/// </summary>
internal sealed class UserModel(int likesADay, int rewindsADay) : ISequentialModel<UserState, UserDeed>
{
    private const int Kinds = 4;
    private const int Like = 1;

    private readonly List<long> _sids = [];

    public UserState Initial => new("", 0, 0);

    public IEnumerable<UserState> Apply(UserState state, UserDeed deed) => deed.Act switch
    {
        UserAct.Swipe => Swipe(state, deed),
        UserAct.Rewind => Rewind(state, deed),
        _ => If(deed.RewindsLeft == Math.Max(0, rewindsADay - state.Rewinds)
            && (deed.LikesLeft is not { } left || left == Math.Max(0, likesADay - state.Likes)), state),
    };

    public UserState Acknowledge(UserState state, UserDeed deed) => state;

    public bool IsObservation(UserDeed deed) =>
        deed.Act == UserAct.UndoLeft || deed.Code is not (null or StatusCode.Ok) || (deed.Act == UserAct.Swipe && deed.Repeated);

    private UserState[] Swipe(UserState state, UserDeed deed)
    {
        if (deed.Code == StatusCode.Blocked)
            return [state];
        var swipe = Character(deed.Sid, deed.Kind);
        var before = state.Standing.FirstOrDefault(other => other / Kinds == swipe / Kinds);
        if (before == swipe)
            return If(deed is { Code: StatusCode.Ok, Repeated: true }, state);
        if (before != default)
            return If(deed.Code == StatusCode.RepeatSwipe, state);
        if (deed.Kind == Like && state.Likes >= likesADay)
            return If(deed.Code == StatusCode.LikeQuota, state);
        return If(
            deed is { Code: null or StatusCode.Ok, Repeated: false },
            state with { Standing = state.Standing + swipe, Likes = state.Likes + (deed.Kind == Like ? 1 : 0) });
    }

    private UserState[] Rewind(UserState state, UserDeed deed)
    {
        if (state.Standing.Length == 0)
            return If(deed.Code == StatusCode.NothingToRewind, state);
        if (state.Rewinds >= rewindsADay)
            return If(deed.Code == StatusCode.RewindLimit, state);
        var last = state.Standing[^1];
        var isTold = deed.Code == StatusCode.Ok && Character(deed.Sid, deed.Kind) == last
            && deed.RewindsLeft == rewindsADay - state.Rewinds - 1;
        return If(deed.Code is null || isTold, new UserState(
            state.Standing[..^1], state.Likes - (last % Kinds == Like ? 1 : 0), state.Rewinds + 1));
    }

    private static UserState[] If(bool isSo, UserState state) => isSo ? [state] : [];

    private char Character(long sid, int kind)
    {
        var index = _sids.IndexOf(sid);
        if (index < 0)
        {
            index = _sids.Count;
            _sids.Add(sid);
        }

        return (char)((index + 1) * Kinds + kind);
    }
}
