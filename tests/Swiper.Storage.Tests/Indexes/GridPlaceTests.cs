using Swiper.Storage.Indexes;

namespace Swiper.Storage.Tests.Indexes;

public class GridPlaceTests
{
    // Half of a row and half of a column away at most.
    private const double FarthestKm = 0.8;

    [Theory]
    [InlineData(31.2304, 121.4737)]
    [InlineData(-33.8688, 151.2093)]
    [InlineData(69.6496, 18.956)]
    [InlineData(10, 190)]
    [InlineData(89.9, -123.456)]
    [InlineData(-89.997, 77)]
    public void A_place_snaps_to_the_nearest_point_of_the_grid(double latitude, double longitude)
    {
        var place = GridPlace.Snap(new GeoPoint(latitude, longitude));
        Assert.False(place.IsNone);
        Assert.InRange(new DistanceFrom(new GeoPoint(latitude, longitude)).KmTo(place.Point), 0, FarthestKm);
        Assert.Equal(place, GridPlace.Snap(place.Point));
    }

    [Theory]
    [InlineData(0.004, -0.004, 0, 0)]
    [InlineData(90, 12.345, 90, -180)]
    [InlineData(-90, -180, -90, -180)]
    [InlineData(10, 180, 10, -180)]
    [InlineData(10, 179.996, 10, -180)]
    [InlineData(91, 0, 90, -180)]
    public void A_pole_is_one_point_and_so_is_the_date_line_from_either_side(
        double latitude, double longitude, double snappedLatitude, double snappedLongitude)
    {
        var place = GridPlace.Snap(new GeoPoint(latitude, longitude));
        Assert.Equal(snappedLatitude, place.Point.Latitude, 9);
        Assert.Equal(snappedLongitude, place.Point.Longitude, 9);
    }

    [Fact]
    public void Points_of_a_row_are_about_a_kilometre_apart_at_any_latitude()
    {
        for (var hundredths = -8_990; hundredths <= 8_990; hundredths += 5)
        {
            var latitude = hundredths / 100.0;
            var place = GridPlace.Snap(new GeoPoint(latitude, -180));
            var next = GridPlace.Snap(new GeoPoint(latitude, -180 + 0.01 / Math.Cos(double.DegreesToRadians(latitude))));
            Assert.InRange(new DistanceFrom(place.Point).KmTo(next.Point), 1.1, 1.13);
        }
    }

    [Fact]
    public void No_place_is_the_default_and_what_is_no_number_snaps_to_it()
    {
        Assert.True(default(GridPlace).IsNone);
        Assert.Equal(0, default(GridPlace).Cell);
        Assert.True(GridPlace.Snap(new GeoPoint(double.NaN, 0)).IsNone);
        Assert.True(GridPlace.Snap(new GeoPoint(0, double.PositiveInfinity)).IsNone);
    }

    [Fact]
    public void Every_point_of_a_cell_is_within_reach_of_its_middle()
    {
        var random = new Random(3);
        for (var i = 0; i < 20_000; i++)
        {
            var place = GridPlace.Snap(new GeoPoint(random.NextDouble() * 180 - 90, random.NextDouble() * 360 - 180));
            var middle = new DistanceFrom(GridPlace.MiddleOf(place.Cell));
            Assert.InRange(middle.KmTo(place.Point), 0, NearbyAreas.ReachKm);
        }
    }

    [Theory]
    [InlineData(52.52, 13.405, 48.8566, 2.3522, 877.5)]
    [InlineData(0, 179.5, 0, -179.5, 111.2)]
    [InlineData(89.5, 0, 89.5, 180, 111.2)]
    public void Distances_go_the_short_way_round(double latitude1, double longitude1, double latitude2, double longitude2, double km)
    {
        var distance = new DistanceFrom(new GeoPoint(latitude1, longitude1)).KmTo(new GeoPoint(latitude2, longitude2));
        Assert.InRange(distance, km - 0.5, km + 0.5);
    }

    [Fact]
    public void The_shown_distance_is_rounded_up_and_at_least_one()
    {
        var here = new DistanceFrom(new GeoPoint(10, 10));
        Assert.Equal(1, here.ShownKmTo(GridPlace.Snap(new GeoPoint(10, 10))));
        Assert.Equal(2, here.ShownKmTo(GridPlace.Snap(new GeoPoint(10.01, 10))));
    }

    [Fact]
    public void What_is_beyond_a_distance_is_told_for_almost_all_that_are_and_for_no_other()
    {
        var random = new Random(3);
        var (beyond, told) = (0, 0);
        for (var i = 0; i < 100_000; i++)
        {
            var here = new GeoPoint(random.NextDouble() * 179 - 89.5, random.NextDouble() * 360 - 180);
            var spread = random.Next(3) == 0 ? 40 : 0.5;
            var place = GridPlace.Snap(new GeoPoint(
                here.Latitude + (random.NextDouble() - 0.5) * spread, here.Longitude + (random.NextDouble() - 0.5) * spread));
            var from = new DistanceFrom(here);
            var (km, real) = (random.NextDouble() * 60, from.KmTo(place.Point));
            Assert.True(real > km || !from.IsBeyond(place, km), $"{real} km are not beyond {km}, {here}");
            if (spread > 1 || real < 1.02 * km)
                continue;
            beyond++;
            told += from.IsBeyond(place, km) ? 1 : 0;
        }
        Assert.InRange(told, beyond * 0.98, beyond);
    }
}
