using System.Text.Json;

namespace Swiper.Client.Tests.Calls;

public sealed class CallTests
{
    /// <summary>The names of all requests in docs/protocol.json.</summary>
    public static TheoryData<string> Requests()
    {
        using var protocol = JsonDocument.Parse(File.ReadAllText(Path.Combine(SharedFiles.RepositoryRoot(), "docs", "protocol.json")));
        var requests = protocol.RootElement.GetProperty("requests").EnumerateArray();
        return [.. requests.Select(request => request.GetProperty("name").GetString()!)];
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public void Every_request_has_a_call_that_throws_and_one_that_returns_an_outcome(string request)
    {
        var name = request.Replace("_", "");
        foreach (var call in new[] { $"{name}Async", $"Try{name}Async" })
            Assert.Contains(typeof(ISwiperClient).GetMethods(), method => method.Name.Equals(call, StringComparison.OrdinalIgnoreCase));
    }
}
