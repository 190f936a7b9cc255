namespace Swiper.Core.Accounts;

/// <summary>Sends text messages.</summary>
public interface ISmsSender
{
    /// <summary>Returns once a provider has accepted the message.</summary>
    /// <exception cref="SmsNotSentException">No provider accepts it now.</exception>
    ValueTask SendAsync(string phone, string text);
}

/// <summary>A text message could not be sent; the exception message says why, for the client's developer.</summary>
public sealed class SmsNotSentException(string message, Exception? inner = null) : Exception(message, inner);
