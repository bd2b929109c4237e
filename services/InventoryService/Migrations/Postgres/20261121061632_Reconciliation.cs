using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OrderSample.InventoryService.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Reconciliation : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "IX_Reservations_UpdatedAt_OrderId",
                table: "Reservations",
                columns: new[] { "UpdatedAt", "OrderId" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Reservations_UpdatedAt_OrderId",
                table: "Reservations");
        }
    }
}
