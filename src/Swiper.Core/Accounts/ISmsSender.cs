namespace Swiper.Core.Accounts;

/// <summary>Sends text messages.</summary>
public interface ISmsSender
{
    /// <summary>Returns once a provider has taken the message.</summary>
    /// <exception cref="Dispatch.StoreUnavailableException">No provider takes it now.</exception>
    ValueTask SendAsync(string phone, string text);
}
