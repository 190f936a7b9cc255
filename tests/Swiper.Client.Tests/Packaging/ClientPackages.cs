using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Swiper.Client.Tests.Packaging;

/// <summary>The client's packages in a folder that serves as a feed, and programs of other people that use them.</summary>
public sealed partial class ClientPackages : IAsyncLifetime
{
    // Other programs may have all cores.
    private static readonly TimeSpan BuildLimit = TimeSpan.FromMinutes(10);

    private readonly TemporaryFolder _folder = new();

    public string Feed => Path.Combine(_folder, "feed");

    private static string Configuration => Directory.GetParent(AppContext.BaseDirectory.TrimEnd('/'))!.Name;

    private static string ClientFolder => Path.Combine(SharedFiles.RepositoryRoot(), "src", "Swiper.Client");

    /// <summary>The programs that the client's readme shows, from the first to the last.</summary>
    public static IReadOnlyList<string> ReadmePrograms() =>
        [.. CSharp().Matches(File.ReadAllText(Path.Combine(ClientFolder, "README.md"))).Select(block => block.Groups["code"].Value)];

    public async ValueTask InitializeAsync()
    {
        foreach (var project in new[] { "Swiper.Client", "Swiper.Core.Protocol" })
        {
            await DotnetAsync(
                SharedFiles.RepositoryRoot(),
                "pack", $"src/{project}/{project}.csproj", "--no-build", "--configuration", Configuration, "--output", Feed);
        }
        // The packages under test come from the feed alone, and all that they need from what this machine has fetched before.
        var fetched = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } told
            ? told
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        await File.WriteAllTextAsync(Path.Combine(_folder, "nuget.config"), $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="packages" /></config>
              <packageSources><clear /><add key="feed" value="feed" /></packageSources>
              <fallbackPackageFolders><clear /><add key="fetched" value="{fetched}" /></fallbackPackageFolders>
            </configuration>
            """);
    }

    /// <summary>Builds a program with the client's package and others, in a project of its own, and answers its assembly.</summary>
    public async Task<string> BuildAsync(string name, string program, params string[] otherPackages)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "Program.cs"), program);
        var others = otherPackages.Select(package => $"<PackageReference Include=\"{package}\" Version=\"{VersionOf(package)}\" />");
        await File.WriteAllTextAsync(Path.Combine(folder, $"{name}.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net{Environment.Version.Major}.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <UseAppHost>false</UseAppHost>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Swiper.Client" Version="*" />
                {string.Concat(others)}
              </ItemGroup>
            </Project>
            """);
        await DotnetAsync(folder, "build", "--configuration", "Release", "--output", "out");
        return Path.Combine(folder, "out", $"{name}.dll");
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private static string VersionOf(string package) =>
        Regex.Match(
            File.ReadAllText(Path.Combine(SharedFiles.RepositoryRoot(), "Directory.Packages.props")),
            $"Include=\"{Regex.Escape(package)}\" Version=\"(?<version>[^\"]+)\"").Groups["version"].Value;

    private static async Task DotnetAsync(string folder, params string[] arguments)
    {
        // Servers that a build leaves behind would keep its output open.
        var start = new ProcessStartInfo("dotnet", [.. arguments, "-nodeReuse:false", "-p:UseSharedCompilation=false"])
        {
            WorkingDirectory = folder, RedirectStandardOutput = true,
        };
        start.Environment.Remove("NUGET_PACKAGES");
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        using var process = Process.Start(start)!;
        try
        {
            var output = await process.StandardOutput.ReadToEndAsync().WaitAsync(BuildLimit);
            await process.WaitForExitAsync().WaitAsync(BuildLimit);
            Assert.True(process.ExitCode == 0, $"dotnet {string.Join(' ', arguments)}: {output}");
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    [GeneratedRegex("^```csharp\n(?<code>.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex CSharp();
}
