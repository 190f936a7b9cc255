using System.Runtime.InteropServices;
using Swiper.Core.Protocol;
using Swiper.Core.Social;
using Swiper.Storage.Indexes;

namespace Swiper.Storage.Embedded.Indexes;

/// <summary>
/// By the slot of the swiper: the last swipe that stands, the time of the last one that was made, and how many likes of the day of that
/// time stand. 12 bytes a user. Owned by the shard's lane.
/// </summary>
internal sealed class SwiperStates
{
    private readonly ChunkedColumn<State> _states = new();

    /// <summary>Who was swiped last; null if no swipe stands.</summary>
    public int? LastOf(int swiper) => _states.ValueOrDefault(swiper).LastPlusOne is var last and > 0 ? last - 1 : null;

    /// <summary>Likes of the day; of a later one if there is any.</summary>
    public int LikesOn(int day, int swiper) => _states.ValueOrDefault(swiper) is var state && state.Day >= day ? state.Likes : 0;

    /// <summary>The last time that a swipe of the user was given, also if it was rolled back or taken back since.</summary>
    public long LastTimeOf(int swiper) => _states.ValueOrDefault(swiper).At;

    /// <summary>
    /// The time of the user's next swipe: later than that of any before it, so that times tell which came first and which match is which.
    /// Several within a millisecond run ahead of the clock, and so does whoever swiped before the clock was set back.
    /// </summary>
    public long NextTimeOf(int swiper, long now) => Math.Max(now, LastTimeOf(swiper) + 1);

    /// <summary>No later swipe of the user gets this time or an earlier one.</summary>
    public void Pass(int swiper, long at) => _states.Ensure(swiper).Pass(at);

    /// <summary>A swipe was made, whose time has been <see cref="Pass">passed</see>.</summary>
    public void Swiped(int swiper, int target, SwipeKind kind, long at)
    {
        ref var state = ref _states.Ensure(swiper);
        state.LastPlusOne = target + 1;
        if (kind == SwipeKind.Like && WireTime.DayNumber(at) == state.Day)
            state.Add(1);
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

    /// <summary>All of a user's swipes are about to be loaded again.</summary>
    public void Forget(int swiper) => _states.Ensure(swiper) = default;

    /// <summary>The last swipe was taken back.</summary>
    /// <param name="swiper">The swiper.</param>
    /// <param name="kind">What it was.</param>
    /// <param name="at">When it was made.</param>
    /// <param name="last">Who was swiped before; null if nobody.</param>
    public void TookBack(int swiper, SwipeKind kind, long at, int? last)
    {
        ref var state = ref _states.Ensure(swiper);
        state.LastPlusOne = last is { } slot ? slot + 1 : 0;
        if (kind == SwipeKind.Like && WireTime.DayNumber(at) == state.Day)
            state.Add(-1);
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

        public readonly int Likes => (ushort)_atAndLikes;

        public void Pass(long at)
        {
            if (at > At)
                Put(at, WireTime.DayNumber(at) == Day ? Likes : 0);
        }

        public void Add(int likes) => Put(At, Math.Clamp(Likes + likes, 0, ushort.MaxValue));

        private void Put(long at, int likes) => _atAndLikes = (ulong)at << LikesBits | (uint)likes;
    }
}
