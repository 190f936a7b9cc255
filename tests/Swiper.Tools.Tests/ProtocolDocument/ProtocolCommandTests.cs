
namespace Swiper.Tools.Tests.ProtocolDocument;

public sealed class ProtocolCommandTests
{
    [Fact]
    public async Task The_document_in_docs_is_what_the_command_prints()
    {
        var run = await ToolRun.RunAsync("protocol");
        Assert.True(run.ExitCode == 0, run.All);

        var kept = await File.ReadAllTextAsync(Path.Combine(SharedFiles.RepositoryRoot(), "docs", "PROTOCOL.md"), TestContext.Current.CancellationToken);
        Assert.True(kept == run.Output, "docs/PROTOCOL.md is stale: run ./swiper protocol and commit what it writes");
    }
}
