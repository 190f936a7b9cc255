using System.ComponentModel;
using System.Net.Http.Headers;
using Swiper.Core.Accounts;
using Swiper.Core.Diagnostics;
using Swiper.Host.Options;

namespace Swiper.Host.Accounts;

/// <summary>Posts each message as {"phone","text"} to the operator's SMS gateway, which answers 2xx once it has taken it.</summary>
internal sealed class WebhookSmsSender : ISmsSender, IDisposable
{
    private readonly HttpClient _http;
    private readonly Uri _url;
    private readonly ILogger _logger;

    public WebhookSmsSender(SmsOptions options, ILogger<WebhookSmsSender> logger)
    {
        _url = new Uri(options.Url!);
        _logger = logger;
        _http = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
        {
            Timeout = options.Timeout,
        };
        if (options.Token is not null)
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", options.Token);
    }

    public async ValueTask SendAsync(string phone, string text)
    {
        try
        {
            using var response = await _http.PostAsJsonAsync(_url, new { phone, text });
            response.EnsureSuccessStatusCode();
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            SmsLog.NotTaken(_logger, Phone.Mask(phone), exception);
            throw new SmsNotSentException("the SMS gateway did not accept the message", exception);
        }
    }

    public void Dispose() => _http.Dispose();
}

[EventIds(2200, 2299, "Messages to phones")]
internal static partial class SmsLog
{
    [Description("check the gateway at `Sms:Url`. The client got 1004 and may ask for a code again in a minute")]
    [LoggerMessage(2200, LogLevel.Warning, "SMS gateway did not accept a message to {Phone}")]
    public static partial void NotTaken(ILogger logger, string phone, Exception exception);
}
