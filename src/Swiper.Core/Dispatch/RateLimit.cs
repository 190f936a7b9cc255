namespace Swiper.Core.Dispatch;

/// <summary>The limits of requests that cost more than they are worth to an attacker.</summary>
public enum RateLimit : byte
{
    None,

    /// <summary>Sends an SMS.</summary>
    SendCode,

    /// <summary>Tries a code or a token.</summary>
    SignIn,
}
