using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OrderSample.Backoffice.Migrations.SqlServer
{
    /// <inheritdoc />
    public partial class DeliveryRepetitions : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "DeliveryRepetitions",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("SqlServer:Identity", "1, 1"),
                    MessageId = table.Column<string>(type: "nvarchar(255)", maxLength: 255, nullable: false, collation: "Latin1_General_100_BIN2"),
                    MessageType = table.Column<string>(type: "nvarchar(500)", maxLength: 500, nullable: false, collation: "Latin1_General_100_BIN2"),
                    OrderId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    Endpoint = table.Column<string>(type: "nvarchar(255)", maxLength: 255, nullable: false, collation: "Latin1_General_100_BIN2"),
                    Replay = table.Column<int>(type: "int", nullable: false),
                    Cause = table.Column<string>(type: "nvarchar(16)", maxLength: 16, nullable: false),
                    FirstAt = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: false),
                    LastAt = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: false),
                    ExceptionType = table.Column<string>(type: "nvarchar(500)", maxLength: 500, nullable: true, collation: "Latin1_General_100_BIN2"),
                    ExceptionMessage = table.Column<string>(type: "nvarchar(4000)", maxLength: 4000, nullable: true, collation: "Latin1_General_100_BIN2"),
                    Retries = table.Column<int>(type: "int", nullable: false),
                    Delays = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: false, collation: "Latin1_General_100_BIN2"),
                    NextAt = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: true),
                    Deliveries = table.Column<int>(type: "int", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DeliveryRepetitions", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_DeliveryRepetitions_MessageId_Endpoint_Replay_Cause",
                table: "DeliveryRepetitions",
                columns: new[] { "MessageId", "Endpoint", "Replay", "Cause" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_DeliveryRepetitions_OrderId_Id",
                table: "DeliveryRepetitions",
                columns: new[] { "OrderId", "Id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "DeliveryRepetitions");
        }
    }
}
