using Swiper.EndToEnd.Running;
using Swiper.Local;
using Swiper.Local.Processes;

namespace Swiper.EndToEnd.Connections;

public sealed class PythonClientTests
{
    [Fact]
    public async Task A_client_written_from_the_protocol_alone_signs_in_and_matches()
    {
        SkipWithoutPython();
        using var data = new ScratchFolder("end-to-end");
        using var host = await TestHost.StartAsync(data);

        var (exitCode, output, errors) = await ProgramRun.OfAsync(
            "python3", Repository.PathOf("tests", "Python", "swiper_client.py"),
            "--port", $"{host.EndPoint.Port}", "--outbox", Path.Combine(data, "outbox", "sms.jsonl"));

        Assert.True(exitCode == 0, errors);
        Assert.Equal("ok", output.Trim());
    }

    [Fact]
    public async Task Its_codec_agrees_with_the_vectors()
    {
        SkipWithoutPython();

        var (exitCode, output, errors) = await ProgramRun.OfAsync(
            "python3", "-B", Repository.PathOf("tests", "Python", "replay_vectors.py"), Repository.PathOf("docs", "vectors"));

        Assert.True(exitCode == 0, errors);
        Assert.StartsWith("ok, ", output);
    }

    private static void SkipWithoutPython()
    {
        var found = Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, "python3")));
        if (Environment.GetEnvironmentVariable("CI") is { Length: > 0 })
            Assert.True(found, "CI must have a python3");
        Assert.SkipUnless(found, "no python3 on this machine");
    }
}
