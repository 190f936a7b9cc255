namespace Swiper.Core.Dispatch;

/// <summary>The user that a token identifies.</summary>
/// <param name="Uid">The user.</param>
/// <param name="TokenId">Identifies the token, so that it can be revoked.</param>
/// <param name="Expires">When the token ends, in milliseconds since the Unix epoch.</param>
public sealed record Identity(long Uid, long TokenId, long Expires);
