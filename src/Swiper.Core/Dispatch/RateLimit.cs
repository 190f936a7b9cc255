namespace Swiper.Core.Dispatch;

/// <summary>The limits of requests that cost more than they are worth to an attacker.</summary>
public enum RateLimit : byte
{
    None,

    /// <summary>Sends an SMS. Counted by the handler when there is one to send.</summary>
    SendCode,

    /// <summary>Asks for a code, or tries a code or a token.</summary>
    SignIn,
}
