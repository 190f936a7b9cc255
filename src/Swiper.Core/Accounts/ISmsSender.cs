namespace Swiper.Core.Accounts;

/// <summary>Sends text messages.</summary>
public interface ISmsSender
{
    /// <summary>Returns once a provider has taken the message.</summary>
    /// <exception cref="SmsNotSentException">No provider takes it now.</exception>
    ValueTask SendAsync(string phone, string text);
}

/// <summary>A text message was not taken by whoever sends them; the message says by whom, for the client's developer.</summary>
public sealed class SmsNotSentException(string message, Exception inner) : Exception(message, inner);
