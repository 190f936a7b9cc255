using System.Runtime.InteropServices;
using Swiper.Core.Social;
using Swiper.Storage.Indexes;

namespace Swiper.Storage.Embedded.Indexes;

/// <summary>
/// By the slot of the swiper: the last swipe that stands, and how many likes of that day do. 8 bytes a user. Not thread-safe: callers hold
/// the shard lock; the shard's lane, the only writer, may read without.
/// </summary>
internal sealed class SwiperStates
{
    private readonly ChunkedColumn<State> _states = new();

    /// <summary>Who was swiped last; null if no swipe stands.</summary>
    public int? LastOf(int swiper) => _states.ValueOrDefault(swiper).LastPlusOne is var last and > 0 ? last - 1 : null;

    /// <summary>Likes of the day; of a later one if there is any.</summary>
    public int LikesOn(int day, int swiper) => _states.ValueOrDefault(swiper) is var state && state.Day >= day ? state.Likes : 0;

    /// <summary>A swipe was made.</summary>
    public void Swiped(int swiper, int target, SwipeKind kind, int day)
    {
        ref var state = ref _states.Ensure(swiper);
        state.LastPlusOne = target + 1;
        // A like that was stamped before midnight and written after one of the new day counts on that: it has a limit, too.
        if (kind == SwipeKind.Like)
            Count(ref state, Math.Max(day, state.Day), 1);
    }

    /// <summary>A swipe was found at start, in no order.</summary>
    public void Load(int swiper, int target, SwipeKind kind, int day, bool isLast)
    {
        ref var state = ref _states.Ensure(swiper);
        if (isLast)
            state.LastPlusOne = target + 1;
        if (kind == SwipeKind.Like && day >= state.Day)
            Count(ref state, day, 1);
    }

    /// <summary>The last swipe was taken back.</summary>
    /// <param name="swiper">The swiper.</param>
    /// <param name="kind">What it was.</param>
    /// <param name="day">Its day.</param>
    /// <param name="last">Who was swiped before; null if nobody.</param>
    public void TookBack(int swiper, SwipeKind kind, int day, int? last)
    {
        ref var state = ref _states.Ensure(swiper);
        state.LastPlusOne = last is { } slot ? slot + 1 : 0;
        if (kind == SwipeKind.Like && day == state.Day)
            Count(ref state, day, -1);
    }

    private static void Count(ref State state, int day, int likes)
    {
        var before = state.Day == day ? state.Likes : 0;
        (state.Day, state.Likes) = ((ushort)day, (ushort)Math.Clamp(before + likes, 0, ushort.MaxValue));
    }

    [StructLayout(LayoutKind.Sequential, Pack = 2)]
    private struct State
    {
        public int LastPlusOne;
        public ushort Day; // enough until the year 2149
        public ushort Likes;
    }
}
