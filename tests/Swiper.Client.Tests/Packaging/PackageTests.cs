using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using System.Xml.Linq;

namespace Swiper.Client.Tests.Packaging;

/// <summary>What somebody gets who adds the package to a project of their own and copies the readme's programs.</summary>
public class PackageTests(ClientPackages packages, RealHost host) : IClassFixture<ClientPackages>, IClassFixture<RealHost>
{
    [Fact]
    public async Task The_readmes_first_program_signs_in_and_matches()
    {
        var program = Change(ClientPackages.ReadmePrograms()[0], ("Port = 7400", $"Port = {host.Port}"));
        var assembly = await packages.BuildAsync("FirstProgram", program);
        using var process = Process.Start(
            new ProcessStartInfo("dotnet", [assembly]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        try
        {
            var phone = $"+1555{Random.Shared.Next(100_000_000):D8}";
            await process.StandardInput.WriteLineAsync(phone);
            await ReadToAsync(process, "Code: ");
            await process.StandardInput.WriteLineAsync(host.NewestCode(phone));
            await ReadToAsync(process, "Signed in as user ");
            var uid = long.Parse((await process.StandardOutput.ReadLineAsync().Soon())!);

            await using var bob = await SwiperClient.ConnectAsync(host.Tcp).Soon();
            await host.LogInAsync(bob);
            await bob.SwipeAsync(uid, SwipeKind.Superlike).Soon();

            await ReadToAsync(process, "Matched with ");
            Assert.Equal((await bob.ProfileAsync().Soon()).Nickname, await process.StandardOutput.ReadLineAsync().Soon());
        }
        finally
        {
            process.Kill();
        }
    }

    [Fact]
    public async Task The_readmes_program_with_a_container_reaches_the_server()
    {
        var program = Change(
            ClientPackages.ReadmePrograms()[1],
            ("[new(\"a.swiper.example\"), new(\"b.swiper.example\")]", $"[new(\"127.0.0.1\", {host.Port})], UseTls = false"));
        var assembly = await packages.BuildAsync("ContainerProgram", program, "Microsoft.Extensions.DependencyInjection");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [assembly]) { RedirectStandardOutput = true })!;
        try
        {
            Assert.StartsWith("The server's time is ", await process.StandardOutput.ReadLineAsync().Soon());
            await process.WaitForExitAsync().Soon();
            Assert.Equal(0, process.ExitCode);
        }
        finally
        {
            process.Kill();
        }
    }

    [Fact]
    public void The_readme_has_no_program_that_is_not_tried_here() => Assert.Equal(2, ClientPackages.ReadmePrograms().Count);

    [Fact]
    public void The_package_says_what_it_is()
    {
        using var package = Open("nupkg");
        using var stream = package.Entries.Single(entry => entry.FullName == "Swiper.Client.nuspec").Open();
        var metadata = XDocument.Load(stream).Root!.Elements().Single(element => element.Name.LocalName == "metadata");
        string? Value(string name) => metadata.Elements().SingleOrDefault(element => element.Name.LocalName == name)?.Value;

        Assert.Equal("README.md", Value("readme"));
        Assert.Equal("MIT", Value("license"));
        Assert.Contains("swiper", Value("tags")!.Split(' '));
        Assert.StartsWith("The C# client of Swiper", Value("description"));
        Assert.Equal("Swiper", Value("authors"));
        Assert.DoesNotContain("example", metadata.ToString());
    }

    [Fact]
    public void The_package_holds_its_readme_documentation_and_symbols()
    {
        using var package = Open("nupkg");
        using var symbols = Open("snupkg");

        var files = package.Entries.Select(entry => entry.FullName).ToList();
        Assert.Contains("README.md", files);
        Assert.Contains("lib/net10.0/Swiper.Client.dll", files);
        Assert.Contains(symbols.Entries, entry => entry.FullName == "lib/net10.0/Swiper.Client.pdb" && entry.Length > 0);
        using var documentation = new StreamReader(package.GetEntry("lib/net10.0/Swiper.Client.xml")!.Open());
        Assert.Contains("M:Swiper.Client.ISwiperClient.SwipeAsync", documentation.ReadToEnd());
    }

    [Fact]
    public void The_package_brings_the_codec_along_and_none_of_the_servers_rules()
    {
        using var package = Open("nupkg");
        using var stream = package.Entries.Single(entry => entry.FullName == "Swiper.Client.nuspec").Open();
        var dependencies = XDocument.Load(stream).Descendants().Where(element => element.Name.LocalName == "dependency")
            .Select(dependency => dependency.Attribute("id")!.Value);

        Assert.Equal(
            ["Swiper.Core.Protocol"],
            dependencies.Where(dependency => dependency.StartsWith("Swiper", StringComparison.Ordinal)));
    }

    private ZipArchive Open(string extension) =>
        ZipFile.OpenRead(Assert.Single(Directory.GetFiles(packages.Feed, $"Swiper.Client.*.{extension}")));

    private static string Change(string program, params (string From, string To)[] changes)
    {
        foreach (var (from, to) in changes)
        {
            Assert.Contains(from, program);
            program = program.Replace(from, to);
        }
        return program;
    }

    private static async Task ReadToAsync(Process process, string wanted)
    {
        var read = new StringBuilder();
        var next = new char[1];
        while (!read.ToString().EndsWith(wanted, StringComparison.Ordinal))
        {
            Assert.True(await process.StandardOutput.ReadAsync(next).Soon() == 1, $"the program has ended before \"{wanted}\": {read}");
            read.Append(next[0]);
        }
    }
}
