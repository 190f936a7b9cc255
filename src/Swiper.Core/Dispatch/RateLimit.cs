namespace Swiper.Core.Dispatch;

/// <summary>The rate limits of requests that attackers would abuse.</summary>
public enum RateLimit : byte
{
    None,

    /// <summary>Sends an SMS. Counted by the handler when there is one to send.</summary>
    SendCode,

    /// <summary>Asks for a code or tries one: a write.</summary>
    SignIn,

    /// <summary>
    /// Presents a token. A good one is no guess and a bad one costs little, so only a connection that has failed before is limited:
    /// nobody keeps others of the address from coming back.
    /// </summary>
    Resume,
}
