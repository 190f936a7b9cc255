namespace Swiper.Host.Options;

/// <summary>How codes reach phones. Development needs nothing: it writes them to a file.</summary>
public sealed record SmsOptions
{
    /// <summary>Accepts POSTs of {"phone","text"}.</summary>
    public string? Url { get; init; }

    /// <summary>Its bearer token; a secret, so best set in the environment.</summary>
    public string? Token { get; init; }

    /// <summary>Connections to the gateway; each sends one message at a time, so four send twenty a second if it takes 200 ms.</summary>
    public int Connections { get; init; } = 4;

    /// <summary>Messages that may wait for a connection: five seconds of the above. Whoever wants another is told 1004 at once.</summary>
    public int Queue { get; init; } = 100;

    /// <summary>The time that a message may take from its request to the gateway's answer; then it counts as not sent.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    internal IEnumerable<string> Problems(bool isDevelopment)
    {
        if (Url is null && !isDevelopment)
            yield return "Sms:Url: required in Production; the gateway must accept POSTs of {\"phone\",\"text\"}";
        if (Url is not null && !(Uri.TryCreate(Url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
            yield return $"Sms:Url: '{Url}' is not an http or https URL";
        else if (Url is not null && !isDevelopment && new Uri(Url).Scheme != "https")
            yield return $"Sms:Url: '{Url}' must be https in Production: codes and the gateway's token go there";
        if (Connections is < 1 or > 100)
            yield return $"Sms:Connections: {Connections} is not between 1 and 100";
        if (Queue is < 0 or > 100_000)
            yield return $"Sms:Queue: {Queue} is not between 0 and 100000";
        if (Timeout <= TimeSpan.Zero)
            yield return "Sms:Timeout: must be positive";
    }
}
