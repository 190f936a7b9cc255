using Swiper.Core.Accounts;
using Swiper.Core.Protocol;

namespace Swiper.Core.Tests.Accounts;

public sealed class ProfileChangeFormatTests
{
    [Fact]
    public void A_map_of_new_values_is_read() => Assert.Null(ProblemOf((ref args) =>
    {
        args.WriteMapHeader(2);
        args.WriteString("nickname");
        args.WriteString("x");
        args.WriteString("avatars");
        args.WriteArrayHeader(1);
        args.WriteString("a");
    }));

    [Fact]
    public void An_array_of_names_and_values_is_no_map() => Assert.Equal("change: expected a map", ProblemOf((ref args) =>
    {
        args.WriteArrayHeader(2);
        args.WriteString("nickname");
        args.WriteString("x");
    }));

    [Fact]
    public void An_array_of_pairs_is_no_map() => Assert.Equal("change: expected a map", ProblemOf((ref args) =>
    {
        args.WriteArrayHeader(1);
        args.WriteArrayHeader(2);
        args.WriteString("nickname");
        args.WriteString("x");
    }));

    [Fact]
    public void A_map_is_no_array_of_avatars() => Assert.Equal("avatars: expected an array", ProblemOf((ref args) =>
    {
        args.WriteMapHeader(1);
        args.WriteString("avatars");
        args.WriteMapHeader(1);
        args.WriteString("a");
        args.WriteString("b");
    }));

    private static string? ProblemOf(WriteValues values)
    {
        var fields = new FieldReader(Wire.Write((ref args) =>
        {
            args.WriteArrayHeader(1);
            values(ref args);
        }));
        UpdateProfileRequest.Read(ref fields);
        return fields.Problem;
    }
}
