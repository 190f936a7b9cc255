using System.Diagnostics;
using Swiper.Local.Processes;

namespace Swiper.Tools.Tests.Script;

/// <summary>
/// The script `swiper` in a private tree with only the folders of some suites, on a machine with little more than a shell. Its `dotnet`
/// builds nothing; for the suite Core it runs <see cref="Examples"/> instead, and the suite Host crashes.
/// </summary>
internal sealed class ScriptSandbox : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly string[] Programs =
    [
        "basename", "bash", "cat", "chmod", "dirname", "env", "find", "grep", "id", "mkdir", "paste", "sed", "sort", "tail", "tee",
        "timeout", "touch",
    ];

    private readonly TemporaryFolder _folder = new();

    public ScriptSandbox()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the script needs a shell of Unix");
        Copy("swiper");
        Copy("Directory.Build.props");
        foreach (var file in Directory.EnumerateFiles(SharedFiles.InRepository("tools", "help")))
            Copy("tools", "help", Path.GetFileName(file));
        foreach (var suite in (string[])["Swiper.Core.Tests", "Swiper.Client.Tests", "Swiper.Host.Tests", "Swiper.Storage.Tests",
            "Swiper.EndToEnd"])
            Directory.CreateDirectory(_folder.File($"tests/{suite}"));
        Directory.CreateDirectory(_folder.File("programs"));
        foreach (var program in Programs)
            File.CreateSymbolicLink(_folder.File($"programs/{program}"), Find(program));
        Provide("dotnet", $$"""
            #!/usr/bin/env bash
            echo "$*" >> '{{Calls}}'
            case $1 in
                *Swiper.Core.Tests.dll)
                    exec '{{Find("dotnet")}}' '{{typeof(Examples).Assembly.Location}}' "${@:2}" \
                        -explicit only -class '{{typeof(Examples).FullName}}';;
                *Swiper.Host.Tests.dll) echo 'out of luck'; exit 134;;
                format) exit "$(cat '{{_folder.File("format")}}')";;
            esac
            """);
        _folder.Write("format", "0");
    }

    private string Calls => _folder.File("calls");

    /// <summary>What `dotnet` was called with, in order.</summary>
    public IReadOnlyList<string> DotnetCalls =>
        File.Exists(Calls) ? [.. File.ReadAllLines(Calls).Select(call => call.Replace($"{_folder.Path}/", ""))] : [];

    /// <summary>The exit code of the format check.</summary>
    public void SetFormatExitCode(int exitCode) => _folder.Write("format", $"{exitCode}");

    /// <summary>Installs a program that does nothing.</summary>
    public void Provide(string program) => Provide(program, "#!/bin/sh\n");

    public Task<ProgramRun> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(_folder.File("swiper"), arguments);
        start.Environment["PATH"] = _folder.File("programs");
        return ProgramRun.OfAsync(start, Patience);
    }

    public void Dispose() => _folder.Dispose();

    private void Provide(string program, string script)
    {
        var file = _folder.Write($"programs/{program}", script);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    // With its mode.
    private void Copy(params string[] path)
    {
        var file = _folder.File(Path.Combine(path));
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.Copy(SharedFiles.InRepository(path), file);
    }

    private static string Find(string program) => Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, program)).First(File.Exists);
}
