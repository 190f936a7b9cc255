using Swiper.Core.Social;

namespace Swiper.Storage.Embedded.Indexes;

/// <summary>A user who likes another: who, how, and when in milliseconds since the Unix epoch.</summary>
internal readonly record struct Liker(int Slot, SwipeKind Kind, long At);
