using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Swiper.Core.Protocol;
using Swiper.Core.Social;
using Swiper.Storage.Indexes;

namespace Swiper.Storage.Embedded.Indexes;

/// <summary>
/// By the slot of the swiper: the last swipe that stands, the time of the last one that was made, and how many likes of the day of that
/// time stand. 12 bytes a user. Owned by the shard's lane.
/// </summary>
/// <remarks>
/// After a clock that was ahead was put right, the times of those who have swiped meanwhile stay ahead of it, until it has caught up. The
/// clock's time of their last swipe, and the likes of its day, are kept apart.
/// </remarks>
internal sealed class SwiperStates
{
    private readonly ChunkedColumn<State> _states = new();
    // Null as long as there was nobody.
    private volatile ConcurrentDictionary<int, Ahead>? _ahead;

    /// <summary>Of a user whose last time is ahead of the clock.</summary>
    /// <param name="MadeAt">The clock's time of the last swipe.</param>
    /// <param name="Likes">How many likes of its day stand.</param>
    private readonly record struct Ahead(long MadeAt, int Likes);

    /// <summary>Who was swiped last; null if no swipe stands.</summary>
    public int? LastOf(int swiper) => _states.ValueOrDefault(swiper).LastPlusOne is var last and > 0 ? last - 1 : null;

    /// <summary>Likes that count against those of the day.</summary>
    public int LikesOn(int swiper, long now)
    {
        if (TryGetAhead(swiper, out var ahead))
            return SwipeRules.CountsOn(WireTime.DayNumber(ahead.MadeAt), now) ? ahead.Likes : 0;
        return _states.ValueOrDefault(swiper) is var state && SwipeRules.CountsOn(state.Day, now) ? state.Likes : 0;
    }

    /// <summary>The last time that a swipe of the user was given, also if it was rolled back or taken back since.</summary>
    public long LastTimeOf(int swiper) => _states.ValueOrDefault(swiper).At;

    /// <summary>
    /// The time of the user's next swipe: later than that of any before it, so that times tell which came first and which match is which.
    /// Several within a millisecond run ahead of the clock, and so does whoever swiped before the clock was set back.
    /// </summary>
    public long NextTimeOf(int swiper, long now) => Math.Max(now, LastTimeOf(swiper) + 1);

    /// <summary>The clock's time of a swipe, as far as it is known: those that are ahead are as old as the last one.</summary>
    public long MadeAt(int swiper, long at, long now) =>
        SwipeRules.IsAhead(at, now) && TryGetAhead(swiper, out var ahead) ? ahead.MadeAt : at;

    /// <summary>Whether the user's times are ahead of the clock, or were until the last swipe.</summary>
    public bool IsAhead(int swiper) => TryGetAhead(swiper, out _);

    /// <summary>No later swipe of the user gets this time or an earlier one.</summary>
    public void Pass(int swiper, long at) => _states.Ensure(swiper).Pass(at);

    /// <summary>The same for a swipe that is being made.</summary>
    /// <param name="swiper">The swiper.</param>
    /// <param name="at">Its time.</param>
    /// <param name="madeAt">The clock's.</param>
    public void Pass(int swiper, long at, long madeAt)
    {
        if (SwipeRules.IsAhead(at, madeAt))
            PutAhead(swiper, new Ahead(madeAt, LikesOn(swiper, madeAt)));
        Pass(swiper, at);
    }

    /// <summary>A swipe was made, whose time has been <see cref="Pass(int, long, long)">passed</see>.</summary>
    public void Swiped(int swiper, int target, SwipeKind kind, long at, long madeAt)
    {
        ref var state = ref _states.Ensure(swiper);
        state.LastPlusOne = target + 1;
        if (TryGetAhead(swiper, out var ahead))
        {
            var likes = ahead.Likes + (kind == SwipeKind.Like ? 1 : 0);
            if (SwipeRules.IsAhead(at, madeAt))
                PutAhead(swiper, ahead with { Likes = likes });
            else
                CatchUp(swiper, SwipeRules.CountsOn(WireTime.DayNumber(ahead.MadeAt), madeAt) ? likes : likes - ahead.Likes);
        }
        else if (kind == SwipeKind.Like && WireTime.DayNumber(at) == state.Day)
        {
            state.Add(1);
        }
    }

    /// <summary>A swipe was found at start, in no order.</summary>
    public void Load(int swiper, int target, SwipeKind kind, long at, bool isLast)
    {
        Pass(swiper, at);
        ref var state = ref _states.Ensure(swiper);
        if (isLast)
            state.LastPlusOne = target + 1;
        if (kind == SwipeKind.Like && WireTime.DayNumber(at) == state.Day)
            state.Add(1);
    }

    /// <summary>What was kept of a user whose times were ahead of the clock was found at start, after all swipes.</summary>
    public void LoadAhead(int swiper, long madeAt, int likes)
    {
        if (SwipeRules.IsAhead(LastTimeOf(swiper), madeAt))
            PutAhead(swiper, new Ahead(madeAt, likes));
    }

    /// <summary>All of a user's swipes are about to be loaded again.</summary>
    public void Forget(int swiper)
    {
        _states.Ensure(swiper) = default;
        _ahead?.TryRemove(swiper, out _);
    }

    /// <summary>The last swipe was taken back.</summary>
    /// <param name="swiper">The swiper.</param>
    /// <param name="kind">What it was.</param>
    /// <param name="at">When it was made.</param>
    /// <param name="last">Who was swiped before; null if nobody.</param>
    /// <param name="now">When it was taken back.</param>
    public void TookBack(int swiper, SwipeKind kind, long at, int? last, long now)
    {
        ref var state = ref _states.Ensure(swiper);
        state.LastPlusOne = last is { } slot ? slot + 1 : 0;
        if (kind != SwipeKind.Like)
            return;
        if (TryGetAhead(swiper, out var ahead))
        {
            if (WireTime.DayNumber(SwipeRules.CountedAt(at, now)) == WireTime.DayNumber(ahead.MadeAt))
                PutAhead(swiper, ahead with { Likes = Math.Max(0, ahead.Likes - 1) });
        }
        else if (WireTime.DayNumber(at) == state.Day)
        {
            state.Add(-1);
        }
    }

    private bool TryGetAhead(int swiper, out Ahead ahead)
    {
        ahead = default;
        return _ahead is { } all && all.TryGetValue(swiper, out ahead);
    }

    // By the lane.
    private void PutAhead(int swiper, Ahead ahead) => (_ahead ??= new ConcurrentDictionary<int, Ahead>())[swiper] = ahead;

    private void CatchUp(int swiper, int likes)
    {
        _states.Ensure(swiper).Likes = likes;
        _ahead?.TryRemove(swiper, out _);
    }

    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private struct State
    {
        private const int LikesBits = 16;

        public int LastPlusOne;

        // 48 bits of milliseconds are enough for some thousand years.
        private ulong _atAndLikes;

        public readonly long At => (long)(_atAndLikes >> LikesBits);

        public readonly int Day => WireTime.DayNumber(At);

        public int Likes
        {
            readonly get => (ushort)_atAndLikes;
            set => Put(At, Math.Clamp(value, 0, ushort.MaxValue));
        }

        public void Pass(long at)
        {
            if (at > At)
                Put(at, WireTime.DayNumber(at) == Day ? Likes : 0);
        }

        public void Add(int likes) => Likes += likes;

        private void Put(long at, int likes) => _atAndLikes = (ulong)at << LikesBits | (uint)likes;
    }
}
