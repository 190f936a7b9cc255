using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Swiper.EndToEnd.Running;
using Swiper.Local.Processes;

namespace Swiper.EndToEnd.Starting;

/// <summary>`health`, with which a container asks its host.</summary>
public sealed class HealthCommandTests
{
    [Fact]
    public async Task Its_exit_code_is_the_hosts_health()
    {
        await using var host = WebApplication.CreateSlimBuilder().Build();
        host.Urls.Add("http://127.0.0.1:0");
        host.MapGet("/well", () => "live");
        host.MapGet("/unwell", () => Results.Text("shard 1 is down", statusCode: StatusCodes.Status503ServiceUnavailable));
        await host.StartAsync();
        var url = host.Urls.Single();

        var well = await TestHost.RunAsync("health", "--url", $"{url}/well");
        Assert.Equal((0, "live", ""), (well.ExitCode, well.Output.Trim(), well.Errors));
        var unwell = await TestHost.RunAsync("health", "--url", $"{url}/unwell");
        Assert.Equal((1, "shard 1 is down", ""), (unwell.ExitCode, unwell.Output.Trim(), unwell.Errors));
    }

    [Fact]
    public async Task A_host_that_does_not_answer_is_told_in_one_line()
    {
        var url = $"http://127.0.0.1:{FreePorts.Find()}/health/live";
        var run = await TestHost.RunAsync("health", "--url", url);
        Assert.Equal((69, ""), (run.ExitCode, run.Output));
        Assert.StartsWith($"swiper: {url} does not answer: ", Assert.Single(run.Errors.Trim().Split('\n')), StringComparison.Ordinal);

        var wrong = await TestHost.RunAsync("health", "--url", "somewhere");
        Assert.Equal((2, "swiper: --url: 'somewhere' is not an http URL"), (wrong.ExitCode, wrong.Errors.Trim()));
    }
}
