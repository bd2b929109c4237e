namespace OrderSample.Backoffice.Console.Services;

/// <summary>Configuration section <c>Dashboard</c>: the app host says where it is.</summary>
public sealed class DashboardOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Dashboard";

    /// <summary>The Aspire dashboard; null when none runs.</summary>
    public Uri? Url { get; init; }
}
