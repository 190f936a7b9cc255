namespace Swiper.Tools.Tests.Script;

/// <summary>`./swiper publish`, as far as it refuses to.</summary>
public sealed class PublishCommandTests : IDisposable
{
    private readonly ScriptSandbox _sandbox = new();
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("publish: there is no runtime 'win-x64'; use linux-x64 or linux-arm64", "--runtime", "win-x64")]
    [InlineData("--runtime needs linux-x64 or linux-arm64", "--runtime")]
    [InlineData("--output needs a folder", "--output", "")]
    [InlineData("publish: unknown option '--trim'", "--trim")]
    public async Task What_can_not_be_published_is_an_error_in_one_line(string problem, params string[] options)
    {
        var run = await _sandbox.RunAsync(["publish", .. options]);

        Assert.Equal((2, $"swiper: {problem}", ""), (run.ExitCode, run.Errors.Trim(), run.Output));
        Assert.Empty(_sandbox.DotnetCalls);
    }

    [Fact]
    public async Task A_folder_with_something_else_is_left_alone()
    {
        var file = _folder.Write("letters.txt", "dear");

        var run = await _sandbox.RunAsync("publish", "--runtime", "linux-x64", "--output", _folder.Path);

        Assert.Equal(
            (2, $"swiper: publish: {_folder.Path} is something else than a published host; choose another --output"),
            (run.ExitCode, run.Errors.Trim()));
        Assert.True(File.Exists(file));
        Assert.Empty(_sandbox.DotnetCalls);
    }

    public void Dispose()
    {
        _sandbox.Dispose();
        _folder.Dispose();
    }
}
