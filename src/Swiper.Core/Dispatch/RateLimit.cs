namespace Swiper.Core.Dispatch;

/// <summary>The rate limits of requests that attackers would abuse.</summary>
public enum RateLimit : byte
{
    None,

    /// <summary>Sends an SMS. Counted by the handler when there is one to send.</summary>
    SendCode,

    /// <summary>Asks for a code, or tries a code or a token.</summary>
    SignIn,
}
