namespace Swiper.Core.Dispatch;

/// <summary>Who a token stands for.</summary>
/// <param name="Uid">The user.</param>
/// <param name="TokenId">Names the token, so that it can be revoked.</param>
/// <param name="Expires">When the token ends, in milliseconds since the Unix epoch.</param>
public sealed record Identity(long Uid, long TokenId, long Expires);
