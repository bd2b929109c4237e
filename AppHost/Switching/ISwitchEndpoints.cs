using Microsoft.AspNetCore.Routing;

namespace OrderSample.AppHost.Switching;

/// <summary>What else the console may ask for with its key.</summary>
internal interface ISwitchEndpoints
{
    void Map(IEndpointRouteBuilder app);
}
