namespace Swiper.Host.Options;

/// <summary>How codes reach phones. Development needs nothing: it writes them to a file.</summary>
public sealed record SmsOptions
{
    /// <summary>Accepts POSTs of {"phone","text"}.</summary>
    public string? Url { get; init; }

    /// <summary>Its bearer token; a secret, so best set in the environment.</summary>
    public string? Token { get; init; }

    /// <summary>The timeout of a call to the gateway, which then counts as down.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    internal IEnumerable<string> Problems(bool isDevelopment)
    {
        if (Url is null && !isDevelopment)
            yield return "Sms:Url: required in Production; the gateway must accept POSTs of {\"phone\",\"text\"}";
        if (Url is not null && !(Uri.TryCreate(Url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
            yield return $"Sms:Url: '{Url}' is not an http or https URL";
        if (Timeout <= TimeSpan.Zero)
            yield return "Sms:Timeout: must be positive";
    }
}
