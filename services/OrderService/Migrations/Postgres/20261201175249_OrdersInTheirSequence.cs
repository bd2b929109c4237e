using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OrderSample.OrderService.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class OrdersInTheirSequence : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_OrderStates_SubmittedAt_CorrelationId",
                table: "OrderStates");

            migrationBuilder.CreateIndex(
                name: "IX_Orders_SubmittedAt",
                table: "Orders",
                columns: new[] { "SubmittedAt", "OrderId" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Orders_SubmittedAt",
                table: "Orders");

            migrationBuilder.CreateIndex(
                name: "IX_OrderStates_SubmittedAt_CorrelationId",
                table: "OrderStates",
                columns: new[] { "SubmittedAt", "CorrelationId" });
        }
    }
}
