using Swiper.Local;

namespace Swiper.Tools.Tests.Deploy;

/// <summary>The Dockerfile, as far as it can be read without a builder.</summary>
public sealed class DockerfileTests
{
    private static readonly string[] Lines = File.ReadAllText(Repository.PathOf("Dockerfile"))
        .Replace("\\\n", "", StringComparison.Ordinal)
        .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    [Fact]
    public void Images_have_a_version_and_the_last_one_is_small_and_not_root()
    {
        var images = Lines.Where(static line => line.StartsWith("FROM ", StringComparison.Ordinal)).ToList();
        Assert.All(images, static image => Assert.Matches(@"mcr\.microsoft\.com/dotnet/\S+:10\.0-", image));
        Assert.EndsWith("-chiseled", images[^1], StringComparison.Ordinal);
        var user = Assert.Single(Lines, static line => line.StartsWith("USER ", StringComparison.Ordinal));
        Assert.Matches("^USER [1-9][0-9]*:[1-9][0-9]*$", user);
        Assert.True(Array.IndexOf(Lines, user) > Array.IndexOf(Lines, images[^1]), "the user of the build is not the host's");
    }

    [Fact]
    public void The_last_image_has_no_shell_so_nothing_in_it_is_a_line_for_one()
    {
        var last = Array.FindLastIndex(Lines, static line => line.StartsWith("FROM ", StringComparison.Ordinal));
        Assert.DoesNotContain(Lines[last..], static line => line.StartsWith("RUN ", StringComparison.Ordinal));
        Assert.Equal("""ENTRYPOINT ["/app/Swiper.Host"]""", Lines[^1]);
        Assert.EndsWith("""CMD ["/app/Swiper.Host", "health"]""", Assert.Single(Lines, static line => line.StartsWith("HEALTHCHECK ",
            StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public void Files_with_secrets_are_not_in_what_it_is_built_from()
    {
        var ignored = File.ReadAllLines(Repository.PathOf(".dockerignore"));
        Assert.Contains("**/.env", ignored);
        Assert.Contains("data", ignored);
        Assert.Contains(".swiper", ignored);
    }
}
